//! From configuration to a running service.

use std::sync::Arc;

use async_trait::async_trait;
use pupila_core::Clock;
use pupila_db::{Database, DatabaseError};
use pupila_proto::history::v1::{
    history_service_server::HistoryServiceServer, job_service_server::JobServiceServer,
    task_service_server::TaskServiceServer,
};
use pupila_queue::Queue;
use pupila_runtime::{grpc::RpcServices, readiness::Readiness, rpc::with_causes};
use tokio_util::sync::CancellationToken;

use crate::{
    HistoryConfig, HistoryService,
    grpc::{JobService, TaskService},
    housekeeping::Housekeeping,
    jobs::{self, Herald, Jobs, Sweeper, Tasks, Watch},
    store,
};

/// A record of the most and longest labels, or a job of the most items, in bytes.
const MAX_MESSAGE: usize = 32 << 20;

/// The services, what tells whether they can work, and what they do by themselves.
pub struct OpenHistory {
    /// The gRPC services, which ask for a guard before them.
    pub services: RpcServices,
    /// Ready while the database answers.
    pub readiness: Arc<HistoryDatabase>,
    /// To be run as long as the services are.
    pub housekeeping: Housekeeping,
}

/// History's database, for health checks and for the end.
pub struct HistoryDatabase {
    database: Database,
    herald: Herald,
}

/// Connects to the database, migrates it and builds the services. Workers are told of tasks by `queue`, which may be away.
///
/// # Errors
/// A database that is away, cannot be used or cannot be migrated.
pub async fn open(
    config: &HistoryConfig,
    clock: Arc<dyn Clock>,
    queue: Arc<dyn Queue>,
) -> Result<OpenHistory, DatabaseError> {
    let database = Database::connect(&config.database).await?;
    let predictions = store::open_store(&database).await?;
    let jobs = jobs::open_job_store(&database);
    let view = jobs::open_job_view(&database);
    let herald = Herald::new(queue.clone(), clock.clone());
    let closing = CancellationToken::new();

    let history_service = HistoryService::new(predictions, clock.clone());
    let task_service = TaskService::new(Tasks::new(
        jobs.clone(),
        clock.clone(),
        herald.clone(),
        queue.share(),
        &config.jobs,
    ));
    let job_service = JobService {
        jobs: Jobs::new(
            jobs.clone(),
            queue.clone(),
            clock.clone(),
            herald.clone(),
            &config.jobs,
        ),
        watch: Watch::new(view.clone(), queue.clone(), clock.clone(), closing.clone()),
        view: view.clone(),
        queue: queue.clone(),
        clock: clock.clone(),
    };
    let services = RpcServices::default()
        .with(HistoryServiceServer::new(history_service).max_decoding_message_size(MAX_MESSAGE))
        .with(JobServiceServer::new(job_service).max_decoding_message_size(MAX_MESSAGE))
        .with(TaskServiceServer::new(task_service).max_decoding_message_size(MAX_MESSAGE));
    Ok(OpenHistory {
        services,
        readiness: Arc::new(HistoryDatabase {
            database,
            herald: herald.clone(),
        }),
        housekeeping: Housekeeping {
            sweeper: Sweeper::new(jobs, clock.clone(), herald, &config.jobs),
            view,
            queue,
            clock,
            closing,
        },
    })
}

impl HistoryDatabase {
    /// Closes every connection, after the statements in flight. Before that the queue is told the last of what was committed:
    /// nobody asks for more once this is called.
    pub async fn close(&self) {
        self.herald.settled().await;
        self.database.close().await;
    }
}

#[async_trait]
impl Readiness for HistoryDatabase {
    fn name(&self) -> &'static str {
        "history"
    }

    async fn ready(&self) -> Result<(), String> {
        self.database
            .ping()
            .await
            .map_err(|error| with_causes(&error))
    }
}
