//! From configuration to a running service.

use std::sync::Arc;

use async_trait::async_trait;
use pupila_core::Clock;
use pupila_db::{Database, DatabaseError};
use pupila_proto::history::v1::history_service_server::HistoryServiceServer;
use pupila_runtime::{grpc::RpcServices, readiness::Readiness, rpc::with_causes};

use crate::{HistoryConfig, HistoryService, store};

/// A record of the most and longest labels, in bytes.
const MAX_RECORD: usize = 32 << 20;

/// The service, and what tells whether it can work.
pub struct OpenHistory {
    /// The gRPC services, which ask for a guard before them.
    pub services: RpcServices,
    /// Ready while the database answers.
    pub readiness: Arc<HistoryDatabase>,
}

/// History's database, for health checks and for the end.
pub struct HistoryDatabase(Database);

/// Connects to the database, migrates it and builds the service.
///
/// # Errors
/// A database that is away, cannot be used or cannot be migrated.
pub async fn open(
    config: &HistoryConfig,
    clock: Arc<dyn Clock>,
) -> Result<OpenHistory, DatabaseError> {
    let database = Database::connect(&config.database).await?;
    let store = store::open_store(&database).await?;
    let server = HistoryServiceServer::new(HistoryService::new(store, clock))
        .max_decoding_message_size(MAX_RECORD);
    Ok(OpenHistory {
        services: RpcServices::default().with(server),
        readiness: Arc::new(HistoryDatabase(database)),
    })
}

impl HistoryDatabase {
    /// Closes every connection, after the statements in flight.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

#[async_trait]
impl Readiness for HistoryDatabase {
    fn name(&self) -> &'static str {
        "history"
    }

    async fn ready(&self) -> Result<(), String> {
        self.0.ping().await.map_err(|error| with_causes(&error))
    }
}
