//! Images on fresh stores, behind a guard, and people who call it.

use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt as _;
use jiff::{SignedDuration, Timestamp};
use pupila_core::{
    AlbumId, Caller, Clock as _, Digest, Guest, LinkId, ManualClock, RequestId, Role, Scope, User,
    UserId,
};
use pupila_db::{Database, Dialect, Pools, Statement, TestDatabase};
use pupila_images::{Housekeeping, ImagesConfig, ImagesStores, open};
use pupila_runtime::{
    context::RequestContext,
    identity::{Claims, Credential, Guard, ServiceIdentity, SigningKey, Verifier},
    transport::{self, Transport},
};
use pupila_storage::TestStorage;
use tokio_util::sync::CancellationToken;

use crate::{accounts::Accounts, user::TestUser};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Engine {
    Sqlite,
    MySql,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    Folder,
    Bucket,
}

pub(crate) struct TestImages {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) accounts: Accounts,
    pub(crate) stores: Arc<ImagesStores>,
    pub(crate) database: TestDatabase,
    pub(crate) storage: TestStorage,
    housekeeping: Mutex<Option<Housekeeping>>,
    transport: Transport,
    keys: Keys,
}

impl TestImages {
    /// As most stories need it.
    pub(crate) async fn start() -> Self {
        Self::on(Engine::Sqlite, Place::Folder).await
    }

    pub(crate) async fn on(engine: Engine, place: Place) -> Self {
        let database = match engine {
            Engine::Sqlite => TestDatabase::sqlite().await,
            Engine::MySql => TestDatabase::mysql_for("images").await,
        };
        let storage = match place {
            Place::Folder => TestStorage::folder().await,
            Place::Bucket => TestStorage::s3().await,
        };
        Self::with(database, storage, |_| {}).await
    }

    /// The service in another configuration.
    pub(crate) async fn configured(change: impl FnOnce(&mut ImagesConfig)) -> Self {
        Self::with(
            TestDatabase::sqlite().await,
            TestStorage::folder().await,
            change,
        )
        .await
    }

    /// Once more, in another configuration, with what was stored.
    pub(crate) async fn restarted(self, change: impl FnOnce(&mut ImagesConfig)) -> Self {
        self.stores.close().await;
        Self::with(self.database, self.storage, change).await
    }

    async fn with(
        mut database: TestDatabase,
        storage: TestStorage,
        change: impl FnOnce(&mut ImagesConfig),
    ) -> Self {
        let mut config = ImagesConfig {
            database: database.config.clone(),
            storage: storage.config.clone(),
            ..ImagesConfig::default()
        };
        change(&mut config);
        let keys = Keys::new();
        let clock = keys.clock.clone();
        let accounts = Accounts::new(keys.clone());
        let identity = ServiceIdentity::new(
            "images",
            "secret".to_owned().into(),
            accounts.transport(),
            clock.clone(),
        );
        let opened = open(&config, clock.clone(), accounts.transport(), identity).await;
        let images = opened.unwrap_or_else(|error| panic!("{error}"));
        // The way in of a test that looks behind the service; the one before may have been closed.
        database.database = Database::connect(&database.config).await.expect("there");
        Self {
            transport: transport::in_process(images.services, keys.guard()),
            stores: images.readiness,
            housekeeping: Mutex::new(Some(images.housekeeping)),
            clock,
            accounts,
            database,
            storage,
            keys,
        }
    }

    pub(crate) fn user(&self, name: &str) -> TestUser {
        self.caller(Caller::User(self.keys.user(name, Role::User)))
    }

    pub(crate) fn admin(&self) -> TestUser {
        self.caller(Caller::User(self.keys.user("admin", Role::Admin)))
    }

    /// Somebody with a link to that album.
    pub(crate) fn guest(&self, album: AlbumId) -> TestUser {
        let link = LinkId::new(self.clock.now());
        self.caller(Caller::Guest(Guest { link, album }))
    }

    pub(crate) fn service(&self, name: &str) -> TestUser {
        self.caller(Caller::Service(name.to_owned()))
    }

    fn caller(&self, caller: Caller) -> TestUser {
        let context = self.keys.context(&caller);
        TestUser::new(caller, context, self.transport.clone())
    }

    /// Lets the service do what it does by itself, until the value is dropped.
    pub(crate) fn keep_house(&self) -> Keeping {
        let stop = CancellationToken::new();
        let mut housekeeping = self.housekeeping.lock().expect("not poisoned");
        let housekeeping = housekeeping.take().expect("it keeps house once");
        tokio::spawn(housekeeping.run(stop.clone()));
        Keeping(stop)
    }

    /// The names of all objects but the one that says whose the store is.
    pub(crate) async fn objects(&self) -> Vec<String> {
        let objects = self.storage.storage.list(None);
        let objects: Vec<_> = objects.try_collect().await.expect("a list");
        let names = objects.iter().map(|object| object.key.to_string());
        let mut names: Vec<_> = names.filter(|name| name != "belongs-to").collect();
        names.sort();
        names
    }

    /// Those that hold the bytes of images.
    pub(crate) async fn originals(&self) -> Vec<String> {
        let mut objects = self.objects().await;
        objects.retain(|name| name.starts_with("originals/"));
        objects
    }

    /// How many rows a table has.
    pub(crate) async fn rows(&self, count: &'static str) -> i64 {
        match &self.database.database {
            Database::Sqlite(pools) => counted(pools, count).await,
            Database::MySql(pools) => counted(pools, count).await,
        }
    }

    /// Changes rows behind the service's back.
    pub(crate) async fn execute(&self, sql: &'static str) {
        match &self.database.database {
            Database::Sqlite(pools) => execute(pools, sql).await,
            Database::MySql(pools) => execute(pools, sql).await,
        }
    }
}

async fn counted<DB: Dialect>(pools: &Pools<DB>, table: &'static str) -> i64 {
    let count = Statement::<DB>::new("SELECT COUNT(*) AS found FROM ").push(table);
    let mut reader = pools.reader().await.expect("a connection");
    let row = count.fetch_optional(&mut reader).await.expect("counted");
    row.expect("a row").get("found").expect("a number")
}

async fn execute<DB: Dialect>(pools: &Pools<DB>, sql: &'static str) {
    let mut writer = pools.writer().await.expect("a connection");
    let statement = Statement::<DB>::new(sql);
    statement.execute(&mut writer).await.expect("done");
}

/// As long as it lives, the service keeps house.
pub(crate) struct Keeping(CancellationToken);

impl Drop for Keeping {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The key that tokens are signed with.
#[derive(Clone)]
pub(crate) struct Keys {
    key: SigningKey,
    pub(crate) clock: Arc<ManualClock>,
}

impl Keys {
    fn new() -> Self {
        let document = SigningKey::generate().expect("randomness");
        Self {
            key: SigningKey::from_pkcs8("1", &document).expect("a key"),
            // Objects are dated by the clock of the store.
            clock: Arc::new(ManualClock::at(Timestamp::now())),
        }
    }

    pub(crate) fn guard(&self) -> Guard {
        let keys = vec![self.key.verification_key()];
        Guard::new(Verifier::new(keys, self.clock.clone()))
    }

    pub(crate) fn token(&self, caller: &Caller) -> String {
        let now = self.clock.now();
        let claims = Claims::new(caller, now, now + SignedDuration::from_hours(10_000));
        self.key.sign(&claims.expect("somebody")).expect("a token")
    }

    fn context(&self, caller: &Caller) -> RequestContext {
        RequestContext {
            request_id: RequestId::accept("req-1").expect("plain"),
            credential: Credential::bearer(&self.token(caller)),
            address: None,
        }
    }

    fn user(&self, name: &str, role: Role) -> User {
        let digest = Digest::of(name.as_bytes());
        let (id, _) = digest.as_bytes().split_first_chunk().expect("long enough");
        User {
            id: UserId::from_uuid(uuid::Uuid::from_bytes(*id)),
            role,
            scopes: Scope::ALL.into_iter().collect(),
            session: None,
        }
    }
}
