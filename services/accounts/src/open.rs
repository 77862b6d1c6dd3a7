//! From configuration to running services.

use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use pupila_core::Clock;
use pupila_db::{Database, DatabaseError, Dialect, Pools};
use pupila_proto::accounts::v1::{
    album_service_server::AlbumServiceServer, auth_service_server::AuthServiceServer,
    notification_service_server::NotificationServiceServer, user_service_server::UserServiceServer,
};
use pupila_runtime::{
    grpc::RpcServices,
    identity::{KeySource, VerificationKey},
    readiness::Readiness,
    rpc::with_causes,
};
use tokio::sync::{Notify, OnceCell};

use crate::{
    AccountsConfig, AccountsError, Erasure, Housekeeping,
    accounts::Accounts,
    albums::{AlbumService, Albums},
    erasure::SqlWork,
    grpc::{AuthService, UserService},
    keys::Keys,
    notifications::{NotificationService, Notifications},
    passwords::Passwords,
    services::{SecretError, Services},
    throttle::Throttle,
};

/// The services, what they need to be watched over, and what runs beside them.
pub struct OpenAccounts {
    /// Authentication, users, albums and notifications.
    pub services: RpcServices,
    /// The keys that tokens are verified with, for the guard of this process.
    pub keys: AccountsKeys,
    /// Ready while the database answers.
    pub readiness: Arc<AccountsDatabase>,
    /// Erases those who are deleted; to be run.
    pub erasure: Erasure,
    /// Makes signing keys and deletes what has expired; to be run.
    pub housekeeping: Housekeeping,
}

/// The database of accounts, for health checks and for the end.
pub struct AccountsDatabase(Database);

/// The keys that tokens are verified with, straight from the database.
#[derive(Clone)]
pub struct AccountsKeys(Arc<dyn KeySource>);

/// Why accounts cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database is away, cannot be used or cannot be migrated.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The secret of a service cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There are no signing keys, or no password can be hashed.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
}

/// Connects to the database, migrates it and builds the services.
///
/// # Errors
/// A database that is away, cannot be used or cannot be migrated, or a service's secret that cannot be used.
pub async fn open(
    config: &AccountsConfig,
    clock: Arc<dyn Clock>,
) -> Result<OpenAccounts, OpenError> {
    let database = Database::connect(&config.database).await?;
    let migrations = sqlx::migrate!("../../migrations/accounts");
    database.migrate(&migrations).await?;
    match &database {
        Database::MySql(pools) => build(config, pools.clone(), database, clock).await,
        Database::Sqlite(pools) => build(config, pools.clone(), database, clock).await,
    }
}

async fn build<DB: Dialect>(
    config: &AccountsConfig,
    pools: Pools<DB>,
    database: Database,
    clock: Arc<dyn Clock>,
) -> Result<OpenAccounts, OpenError> {
    let keys = Keys::open(pools.clone(), Arc::clone(&clock), config.tokens.clone()).await?;
    let keys = Arc::new(keys);
    let accounts = Arc::new(Accounts {
        throttle: Throttle::new(pools.clone(), config.throttle.clone()),
        pools,
        clock: Arc::clone(&clock),
        registration: config.registration,
        local_user: config.local_user,
        sessions: config.sessions.clone(),
        audit: config.audit.clone(),
        passwords: Passwords::new(&config.passwords)?,
        keys: Arc::clone(&keys),
        services: Services::read(&config.services)?,
        local_user_made: OnceCell::new(),
        deletions: Notify::new(),
    });
    let notifications = Notifications::open(Arc::clone(&accounts), config).await?;
    let work = SqlWork {
        albums: Albums::new(Arc::clone(&accounts)),
        accounts: Arc::clone(&accounts),
    };
    Ok(OpenAccounts {
        services: RpcServices::default()
            .with(AuthServiceServer::new(AuthService::new(Arc::clone(
                &accounts,
            ))))
            .with(UserServiceServer::new(UserService::new(Arc::clone(
                &accounts,
            ))))
            .with(AlbumServiceServer::new(AlbumService::new(Arc::clone(
                &accounts,
            ))))
            .with(NotificationServiceServer::new(NotificationService::new(
                notifications,
            ))),
        keys: AccountsKeys(keys),
        readiness: Arc::new(AccountsDatabase(database)),
        erasure: Erasure::new(Arc::new(work), clock),
        housekeeping: Housekeeping::new(accounts),
    })
}

impl AccountsDatabase {
    /// Closes every connection, after the statements in flight.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

#[async_trait]
impl Readiness for AccountsDatabase {
    fn name(&self) -> &'static str {
        "accounts"
    }

    async fn ready(&self) -> Result<(), String> {
        self.0.ping().await.map_err(|error| with_causes(&error))
    }
}

#[async_trait]
impl KeySource for AccountsKeys {
    async fn keys(&self) -> Result<Vec<VerificationKey>, Box<dyn Error + Send + Sync>> {
        self.0.keys().await
    }
}
