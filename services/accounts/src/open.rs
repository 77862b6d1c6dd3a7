//! From configuration to a running service.

use std::sync::Arc;

use async_trait::async_trait;
use pupila_core::Clock;
use pupila_db::{Database, DatabaseError};
use pupila_runtime::{grpc::RpcServices, readiness::Readiness, rpc::with_causes};

use crate::AccountsConfig;

/// The services, and what tells whether they can work.
pub struct OpenAccounts {
    /// The gRPC services.
    pub services: RpcServices,
    /// Ready while the database answers.
    pub readiness: Arc<AccountsDatabase>,
}

/// The database of accounts, for health checks and for the end.
pub struct AccountsDatabase(Database);

/// Why accounts cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database is away, cannot be used or cannot be migrated.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Connects to the database, migrates it and builds the services.
///
/// # Errors
/// A database that is away, cannot be used or cannot be migrated.
pub async fn open(
    config: &AccountsConfig,
    _clock: Arc<dyn Clock>,
) -> Result<OpenAccounts, OpenError> {
    let database = Database::connect(&config.database).await?;
    let migrations = sqlx::migrate!("../../migrations/accounts");
    database.migrate(&migrations).await?;
    Ok(OpenAccounts {
        services: RpcServices::default(),
        readiness: Arc::new(AccountsDatabase(database)),
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
