//! How many images are decoded, hashed and rendered at once.

use std::time::Instant;

use pupila_core::{ErrorCode, Fault};
use pupila_runtime::cpu_pool::{CpuPool, CpuPoolConfig, CpuPoolError, CpuWorker};
use tokio::task::JoinError;

/// A bounded pool that images are worked on in. Its clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Pool(CpuPool);

/// A worker of the pool, free again once this is dropped.
#[derive(Debug)]
pub(crate) struct Worker(CpuWorker);

/// The work was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PoolError {
    /// All workers are busy and all places in the queue taken.
    #[error("{0} images are waiting already; try again later")]
    Full(usize),
    /// It panicked. The pool works on.
    #[error("the image could not be worked on")]
    Panicked(#[source] JoinError),
}

impl Pool {
    pub(crate) fn new(config: &CpuPoolConfig) -> Self {
        Self(CpuPool::new(config))
    }

    /// Waits for a worker, first come first served, and records how long. Whoever stops waiting leaves the queue.
    ///
    /// # Errors
    /// [`PoolError::Full`] at once.
    pub(crate) async fn worker(&self) -> Result<Worker, PoolError> {
        let worker = self.0.worker().await?;
        metrics::histogram!("pupila_stage_seconds", "stage" => "image_queue")
            .record(worker.waited());
        Ok(Worker(worker))
    }

    /// Runs `job` on the next free worker, as [`Worker::run`] does.
    ///
    /// # Errors
    /// [`PoolError::Full`] at once; [`PoolError::Panicked`] if the job does.
    pub(crate) async fn run<T, J>(&self, stage: &'static str, job: J) -> Result<T, PoolError>
    where
        T: Send + 'static,
        J: FnOnce() -> T + Send + 'static,
    {
        self.worker().await?.run(stage, job).await
    }
}

impl Worker {
    /// Runs `job`, and records how long it took as that stage. A job that has begun is finished and keeps its worker
    /// until then.
    ///
    /// # Errors
    /// [`PoolError::Panicked`] if the job does.
    pub(crate) async fn run<T, J>(self, stage: &'static str, job: J) -> Result<T, PoolError>
    where
        T: Send + 'static,
        J: FnOnce() -> T + Send + 'static,
    {
        let job = move || {
            let start = Instant::now();
            let result = job();
            record(stage, start);
            result
        };
        Ok(self.0.run(job).await?)
    }
}

/// Records how long a stage took that began at `start`.
pub(crate) fn record(stage: &'static str, start: Instant) {
    metrics::histogram!("pupila_stage_seconds", "stage" => stage).record(start.elapsed());
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
            Self::Panicked(_) => "IMAGES_FAILED",
        }
    }
}
