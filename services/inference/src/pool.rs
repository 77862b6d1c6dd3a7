//! How many predictions run and wait at once.

use std::time::Duration;

use metrics::histogram;
use pupila_core::{ErrorCode, Fault};
use pupila_runtime::cpu_pool::{CpuPool, CpuPoolConfig, CpuPoolError};
use tokio::task::JoinError;

/// A bounded pool that predictions run on. Its clones share it.
#[derive(Debug, Clone)]
pub struct Pool(CpuPool);

/// The prediction was not made.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// All workers are busy and all places in the queue taken.
    #[error("{0} predictions are waiting already; try again later")]
    Full(usize),
    /// It panicked. The pool works on.
    #[error("the prediction failed")]
    Panicked(#[source] JoinError),
}

impl Pool {
    /// An empty pool.
    #[must_use]
    pub fn new(config: &CpuPoolConfig) -> Self {
        Self(CpuPool::new(config))
    }

    /// Runs `job` once a worker is free, first come first served, and tells how long it waited.
    /// Whoever stops waiting leaves the queue; a job that has begun is finished and keeps its worker until then.
    ///
    /// # Errors
    /// [`PoolError::Full`] at once; [`PoolError::Panicked`] if the job does.
    pub async fn run<T, J>(&self, job: J) -> Result<(T, Duration), PoolError>
    where
        T: Send + 'static,
        J: FnOnce() -> T + Send + 'static,
    {
        let worker = self.0.worker().await?;
        let waited = worker.waited();
        histogram!("pupila_stage_seconds", "stage" => "queue").record(waited);
        Ok((worker.run(job).await?, waited))
    }
}

impl From<CpuPoolError> for PoolError {
    fn from(error: CpuPoolError) -> Self {
        match error {
            CpuPoolError::Full(queue) => Self::Full(queue),
            CpuPoolError::Panicked(panic) => Self::Panicked(panic),
        }
    }
}

impl Fault for PoolError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Full(_) => ErrorCode::ResourceExhausted,
            Self::Panicked(_) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Full(_) => "QUEUE_FULL",
            Self::Panicked(_) => "PREDICTION_FAILED",
        }
    }
}
