//! Accounts on a fresh database, behind a guard, and people to sign in.

use std::sync::Arc;

use jiff::SignedDuration;
use pupila_accounts::{AccountsConfig, Erasure, PasswordsConfig, open};
use pupila_core::{Clock as _, ErrorCode, ManualClock, UserId};
use pupila_db::{Database, DatabaseError, Dialect, Pools, Statement, TestDatabase};
use pupila_proto::accounts::v1::{
    self as proto, auth_service_client::AuthServiceClient, user_service_client::UserServiceClient,
};
use pupila_runtime::{
    context::RequestContext,
    identity::{Guard, SecretConfig, Verifier},
    rpc::RpcError,
    transport::{self, Transport},
};

use uuid::Uuid;

use crate::callers::{Caller, TIMEOUT, context};

const NOON: &str = "2026-11-23T12:00:00.123456Z";
pub(crate) const PASSWORD: &str = "correct horse battery staple";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

pub(crate) struct TestAlbums {
    pub(crate) transport: Transport,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) erasure: Option<Erasure>,
    database: TestDatabase,
}

impl TestAlbums {
    pub(crate) async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    pub(crate) async fn mysql() -> Self {
        Self::on(TestDatabase::mysql_for("accounts").await).await
    }

    async fn on(database: TestDatabase) -> Self {
        let images = SecretConfig {
            value: Some(SECRET.into()),
            file: None,
        };
        let config = AccountsConfig {
            database: database.config.clone(),
            local_user: true,
            services: [("images".to_owned(), images)].into(),
            // Cheaper than any operator may have it.
            passwords: PasswordsConfig {
                memory_kib: 64,
                iterations: 1,
                ..PasswordsConfig::default()
            },
            ..AccountsConfig::default()
        };
        let clock = Arc::new(ManualClock::at(NOON.parse().expect("a time")));
        let accounts = open(&config, clock.clone()).await.expect("opened");
        let guard = Guard::new(Verifier::new(accounts.keys, clock.clone()));
        Self {
            transport: transport::in_process(accounts.services, guard),
            clock,
            erasure: Some(accounts.erasure),
            database,
        }
    }

    /// Somebody with a new account.
    pub(crate) async fn user(&self, name: &str) -> Caller {
        let email = format!("{name}@example.com");
        self.register(&email).await;
        self.sign_in(&email).await
    }

    pub(crate) async fn users<const N: usize>(&self, names: [&str; N]) -> [Caller; N] {
        let mut users = Vec::new();
        for name in names {
            users.push(self.user(name).await);
        }
        users
            .try_into()
            .unwrap_or_else(|_| panic!("as many as names"))
    }

    pub(crate) async fn register(&self, email: &str) {
        let message = proto::RegisterRequest {
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
            display_name: "somebody".to_owned(),
            language: String::new(),
        };
        let request = context(None).call(message, TIMEOUT);
        let mut client = AuthServiceClient::new(self.transport.clone());
        client.register(request).await.expect("registered");
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Caller {
        let message = proto::SignInRequest {
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
            user_agent: String::new(),
        };
        let request = context(None).call(message, TIMEOUT);
        let mut client = AuthServiceClient::new(self.transport.clone());
        let reply = client.sign_in(request).await.expect("signed in");
        let tokens = reply.into_inner().tokens.unwrap_or_default();
        let token = tokens.access.unwrap_or_default().token;

        let mut client = UserServiceClient::new(self.transport.clone());
        let request = context(Some(&token)).call(proto::GetMeRequest {}, TIMEOUT);
        let me = client.get_me(request).await.expect("somebody").into_inner();
        Caller {
            id: me.user.unwrap_or_default().id,
            email: email.to_owned(),
            ..Caller::new(&self.transport, &token)
        }
    }

    /// The one who needs not sign in, where there is only one.
    pub(crate) async fn local_user(&self) -> Caller {
        let request = context(None).call(proto::SignInLocallyRequest {}, TIMEOUT);
        let mut client = AuthServiceClient::new(self.transport.clone());
        let reply = client.sign_in_locally(request).await.expect("let in");
        let token = reply.into_inner().access.unwrap_or_default().token;
        Caller {
            id: UserId::LOCAL.to_string(),
            ..Caller::new(&self.transport, &token)
        }
    }

    /// Whoever opens a link with a password, or an empty one.
    pub(crate) async fn open(&self, token: &str, password: &str) -> Result<Caller, RpcError> {
        self.open_from(None, token, password).await
    }

    /// As [`Self::open`], from a network address.
    pub(crate) async fn open_from(
        &self,
        address: Option<&str>,
        token: &str,
        password: &str,
    ) -> Result<Caller, RpcError> {
        let message = proto::OpenLinkRequest {
            link_token: token.to_owned(),
            password: password.to_owned(),
        };
        let context = RequestContext {
            address: address.map(|address| address.parse().expect("an address")),
            ..context(None)
        };
        let request = context.call(message, TIMEOUT);
        let mut client = AuthServiceClient::new(self.transport.clone());
        let opened = client.open_link(request).await?.into_inner();
        let token = opened.access.unwrap_or_default().token;
        Ok(Caller::new(&self.transport, &token))
    }

    /// A guest with a link of `owner`'s album.
    pub(crate) async fn guest(&self, owner: &Caller, album: &proto::Album) -> Caller {
        let (_, token) = owner.link(album).await;
        self.open(&token, "").await.expect("opened")
    }

    /// Ends an account.
    pub(crate) async fn delete_me(&self, user: &Caller) {
        let message = proto::DeleteMeRequest {
            password: PASSWORD.to_owned(),
        };
        let request = user.context.call(message, TIMEOUT);
        let mut client = UserServiceClient::new(self.transport.clone());
        client.delete_me(request).await.expect("deleted");
    }

    /// Keeps somebody out.
    pub(crate) async fn block(&self, admin: &Caller, user: &Caller) {
        let message = proto::UpdateUserRequest {
            id: user.id.clone(),
            blocked: Some(true),
            ..Default::default()
        };
        let request = admin.context.call(message, TIMEOUT);
        let mut client = UserServiceClient::new(self.transport.clone());
        client.update_user(request).await.expect("blocked");
    }

    /// Ends the session that somebody uses.
    pub(crate) async fn sign_out(&self, user: &Caller) {
        let request = user.context.call(proto::SignOutRequest {}, TIMEOUT);
        let mut client = AuthServiceClient::new(self.transport.clone());
        client.sign_out(request).await.expect("signed out");
    }

    /// The latest lines of the record.
    pub(crate) async fn record(&self, admin: &Caller) -> Vec<proto::AuditEntry> {
        let message = proto::ListAuditRequest {
            page_size: 200,
            ..Default::default()
        };
        let request = admin.context.call(message, TIMEOUT);
        let mut client = UserServiceClient::new(self.transport.clone());
        let record = client.list_audit(request).await.expect("listed");
        record.into_inner().entries
    }

    /// The service images.
    pub(crate) async fn images_service(&self) -> Caller {
        let message = proto::SignInServiceRequest {
            service: "images".to_owned(),
            secret: SECRET.to_owned(),
        };
        let request = context(None).call(message, TIMEOUT);
        let mut client = AuthServiceClient::new(self.transport.clone());
        let reply = client.sign_in_service(request).await.expect("known");
        let token = reply.into_inner().access.unwrap_or_default().token;
        Caller::new(&self.transport, &token)
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// Gives a user many albums, faster than calls would.
    pub(crate) async fn fill(&self, owner: &Caller, count: u128) {
        let owner: UserId = owner.id.parse().expect("a user");
        let done = match &self.database.database {
            Database::Sqlite(pools) => insert_albums(pools, owner, count).await,
            Database::MySql(pools) => insert_albums(pools, owner, count).await,
        };
        done.expect("done");
    }

    /// What no caller can do.
    pub(crate) async fn sql(&self, statement: &'static str) {
        let done = match &self.database.database {
            Database::Sqlite(pools) => run(pools, statement).await,
            Database::MySql(pools) => run(pools, statement).await,
        };
        done.expect("done");
    }
}

async fn run<DB: Dialect>(pools: &Pools<DB>, statement: &'static str) -> Result<(), DatabaseError> {
    let mut writer = pools.writer().await?;
    Statement::<DB>::new(statement).execute(&mut writer).await
}

async fn insert_albums<DB: Dialect>(
    pools: &Pools<DB>,
    owner: UserId,
    count: u128,
) -> Result<(), DatabaseError> {
    let mut writer = pools.writer().await?;
    let numbers: Vec<_> = (0..count).collect();
    for some in numbers.chunks(1_000) {
        let mut insert = Statement::<DB>::new("INSERT INTO albums (id, owner, name, description,")
            .push(" image_count, create_time, update_time, revision) VALUES ");
        for (at, number) in some.iter().enumerate() {
            insert = insert
                .push(if at == 0 { "" } else { ", " })
                .push("(?, ?, 'Lisbon', '', 0, 0, 0, 1)")
                .bind(Uuid::from_u128(*number))
                .bind(owner.as_uuid());
        }
        insert.execute(&mut writer).await?;
    }
    Ok(())
}

/// The reason of a refusal.
pub(crate) fn reason<T>(answer: Result<T, RpcError>) -> String {
    match answer {
        Ok(_) => "OK".to_owned(),
        Err(error) => error.reason,
    }
}

/// The fields that a refusal blames.
pub(crate) fn blamed<T>(answer: Result<T, RpcError>) -> Vec<String> {
    let Err(error) = answer else {
        panic!("it was not refused")
    };
    assert_eq!(error.code, ErrorCode::InvalidArgument, "{error}");
    let violations = error.violations.into_iter();
    violations.map(|violation| violation.field).collect()
}
