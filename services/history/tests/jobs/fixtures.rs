//! History with its jobs on a fresh database, behind tonic, and what to send to it.

mod calls;
mod messages;

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use pupila_core::{Caller, Clock as _, ManualClock, RequestId, Role, Scope, TaskId, User, UserId};
use pupila_db::{Database, Dialect, Pools, Statement, TestDatabase};
use pupila_history::{HistoryConfig, HistoryDatabase, Housekeeping, open};
use pupila_proto::history::v1::{
    history_service_client::HistoryServiceClient, job_service_client::JobServiceClient,
    task_service_client::TaskServiceClient,
};
use pupila_queue::{Queue, QueueConfig, WorkerName};
use pupila_runtime::{
    context::RequestContext,
    identity::{Claims, Credential, Guard, SigningKey, Verifier},
    transport::{self, Transport},
};
use tonic::Request;
use uuid::Uuid;

pub(crate) use messages::{
    broken, done, failed, failure, given_back, gone, items, job_of, leased, model, prediction,
    refused,
};

const TIMEOUT: Duration = Duration::from_secs(60);
const NOON: &str = "2026-11-23T12:00:00.123456Z";

/// Whose jobs these are.
pub(crate) const ANA: UserId = UserId::from_uuid(Uuid::from_u128(1));
/// Somebody else.
pub(crate) const LUIS: UserId = UserId::from_uuid(Uuid::from_u128(2));

pub(crate) struct TestJobs {
    pub(crate) jobs: JobServiceClient<Transport>,
    pub(crate) tasks: TaskServiceClient<Transport>,
    pub(crate) history: HistoryServiceClient<Transport>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) readiness: Arc<HistoryDatabase>,
    pub(crate) house: Housekeeping,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) config: HistoryConfig,
    key: Arc<SigningKey>,
    database: Arc<TestDatabase>,
}

impl TestJobs {
    pub(crate) async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await, &QueueConfig::default()).await
    }

    pub(crate) async fn mysql() -> Self {
        Self::on(
            TestDatabase::mysql_for("history").await,
            &QueueConfig::default(),
        )
        .await
    }

    /// On SQLite, with a queue of that kind.
    pub(crate) async fn with_queue(queue: &QueueConfig) -> Self {
        Self::on(TestDatabase::sqlite().await, queue).await
    }

    async fn on(database: TestDatabase, queue: &QueueConfig) -> Self {
        let clock = Arc::new(ManualClock::at(NOON.parse().expect("a time")));
        let document = SigningKey::generate().expect("randomness");
        let key = Arc::new(SigningKey::from_pkcs8("1", &document).expect("a key"));
        let config = HistoryConfig {
            database: database.config.clone(),
            ..HistoryConfig::default()
        };
        let queue = pupila_queue::open(queue, clock.clone()).await;
        let queue = queue.expect("a queue");
        Self::start(config, queue, clock, key, Arc::new(database)).await
    }

    /// Another process on the same database, with a queue of its own.
    pub(crate) async fn replica(&self, queue: &QueueConfig) -> Self {
        let queue = pupila_queue::open(queue, self.clock.clone()).await;
        self.beside(queue.expect("a queue")).await
    }

    /// Another process on the same database and at the same queue.
    pub(crate) async fn twin(&self) -> Self {
        self.beside(self.queue.clone()).await
    }

    async fn beside(&self, queue: Arc<dyn Queue>) -> Self {
        Self::start(
            self.config.clone(),
            queue,
            self.clock.clone(),
            self.key.clone(),
            self.database.clone(),
        )
        .await
    }

    async fn start(
        config: HistoryConfig,
        queue: Arc<dyn Queue>,
        clock: Arc<ManualClock>,
        key: Arc<SigningKey>,
        database: Arc<TestDatabase>,
    ) -> Self {
        let guard = Guard::new(Verifier::new(vec![key.verification_key()], clock.clone()));
        let opened = open(&config, clock.clone(), queue.clone()).await;
        let opened = opened.expect("opened");
        let transport = transport::in_process(opened.services, guard);
        Self {
            jobs: JobServiceClient::new(transport.clone()),
            tasks: TaskServiceClient::new(transport.clone()),
            history: HistoryServiceClient::new(transport),
            queue,
            readiness: opened.readiness,
            house: opened.housekeeping,
            clock,
            config,
            key,
            database,
        }
    }

    /// A call with the token of `caller`.
    pub(crate) fn call<T>(&self, caller: &Caller, message: T) -> Request<T> {
        let now = self.clock.now();
        let claims = Claims::new(caller, now, now + Duration::from_secs(60));
        let token = claims.map(|claims| self.key.sign(&claims).expect("a token"));
        let context = RequestContext {
            request_id: RequestId::accept("req-1").expect("plain"),
            credential: token.map_or(Credential::NONE, |token| Credential::bearer(&token)),
            address: None,
        };
        context.call(message, TIMEOUT)
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// Looks for what was forgotten, and tells the queue.
    pub(crate) async fn sweep(&self) {
        self.house.sweeper.sweep().await.expect("swept");
        self.house.sweeper.settled().await;
    }

    /// Takes everything from all workers, and tells the queue.
    pub(crate) async fn reclaim_all(&self) {
        self.house.sweeper.reclaim_all().await.expect("reclaimed");
        self.house.sweeper.settled().await;
    }

    /// The tasks that the queue hands out, of which there must be `count`.
    pub(crate) async fn offered(&self, count: usize) -> Vec<TaskId> {
        let worker = WorkerName::new("listener");
        let mut offered = Vec::new();
        while offered.len() < count {
            let some = self.queue.take(&worker, count - offered.len()).await;
            let some = some.expect("a queue in memory");
            self.queue.settle(&some).await.expect("settled");
            offered.extend(some.into_iter().map(|delivery| delivery.ticket.task));
        }
        offered
    }

    /// How many tasks of a kind there are rows of.
    pub(crate) async fn rows(&self, kind: &str) -> usize {
        match &self.database.database {
            Database::MySql(pools) => rows(pools, kind).await,
            Database::Sqlite(pools) => rows(pools, kind).await,
        }
    }

    /// How much of a user's may be open, as it is written down.
    pub(crate) async fn backlog(&self, owner: UserId) -> u64 {
        let backlog = match &self.database.database {
            Database::MySql(pools) => backlog(pools, owner).await,
            Database::Sqlite(pools) => backlog(pools, owner).await,
        };
        backlog.try_into().expect("it is not negative")
    }

    /// Changes rows as no service would.
    pub(crate) async fn meddle(&self, sql: &'static str) {
        match &self.database.database {
            Database::MySql(pools) => meddle(pools, sql).await,
            Database::Sqlite(pools) => meddle(pools, sql).await,
        }
    }

    /// How many tickets wait to be handed out.
    pub(crate) async fn waiting(&self) -> u64 {
        let depth = self.queue.depth().await.expect("a queue in memory");
        depth.interactive + depth.batch
    }

    /// Makes sure that the queue hands out nothing.
    pub(crate) async fn nothing_is_offered(&self) {
        self.house.sweeper.settled().await;
        assert_eq!(self.waiting().await, 0);
    }
}

async fn meddle<DB: Dialect>(pools: &Pools<DB>, sql: &'static str) {
    let mut writer = pools.writer().await.expect("a connection");
    let meddled = Statement::<DB>::new(sql).execute(&mut writer).await;
    meddled.expect("meddled with");
}

async fn backlog<DB: Dialect>(pools: &Pools<DB>, owner: UserId) -> i64 {
    let select = Statement::<DB>::new("SELECT backlog FROM callers WHERE caller = ?");
    let mut reader = pools.reader().await.expect("a connection");
    let row = select.bind(owner.as_uuid()).fetch_optional(&mut reader);
    let row = row.await.expect("a row or none");
    row.map_or(0, |row| row.get("backlog").expect("a number"))
}

async fn rows<DB: Dialect>(pools: &Pools<DB>, kind: &str) -> usize {
    let select = Statement::<DB>::new("SELECT id FROM tasks WHERE kind = ?").bind(kind.to_owned());
    let mut reader = pools.reader().await.expect("a connection");
    select.fetch_all(&mut reader).await.expect("rows").len()
}

/// A service of ours.
pub(crate) fn service(name: &str) -> Caller {
    Caller::Service(name.to_owned())
}

/// A user who may do all that users may.
pub(crate) fn user(id: UserId) -> Caller {
    user_with(id, &Scope::ALL)
}

/// Who looks after all users.
pub(crate) fn administrator() -> Caller {
    Caller::User(User {
        id: ANA,
        role: Role::Admin,
        scopes: Scope::ALL.iter().copied().collect(),
        session: None,
    })
}

/// A user whose token has these scopes.
pub(crate) fn user_with(id: UserId, scopes: &[Scope]) -> Caller {
    Caller::User(User {
        id,
        role: Role::User,
        scopes: scopes.iter().copied().collect(),
        session: None,
    })
}
