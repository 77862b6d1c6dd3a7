//! How many images are decoded, hashed and rendered at once.

use std::{sync::Arc, time::Instant};

use pupila_core::{ErrorCode, Fault};
use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

use crate::config::PoolConfig;

/// A bounded pool for work that takes a core. A full pool answers at once instead of growing.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    /// One permit a job that runs or waits.
    places: Arc<Semaphore>,
    /// One permit a job that runs.
    workers: Arc<Semaphore>,
    queue: usize,
}

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
    pub(crate) fn new(config: &PoolConfig) -> Self {
        Self {
            places: Arc::new(Semaphore::new(config.workers + config.queue)),
            workers: Arc::new(Semaphore::new(config.workers)),
            queue: config.queue,
        }
    }

    /// Runs `job` once a worker is free, first come first served, and records how long it took as that stage.
    /// Whoever stops waiting leaves the queue; a job that has begun is finished and keeps its worker until then.
    ///
    /// # Errors
    /// [`PoolError::Full`] at once; [`PoolError::Panicked`] if the job does.
    pub(crate) async fn run<T, J>(&self, stage: &'static str, job: J) -> Result<T, PoolError>
    where
        T: Send + 'static,
        J: FnOnce() -> T + Send + 'static,
    {
        let arrival = Instant::now();
        let full = |_| PoolError::Full(self.queue);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        // Fails only on a closed semaphore, and these are never closed.
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| PoolError::Full(self.queue))?;
        let span = tracing::Span::current();
        spawn_blocking(move || {
            let _entered = span.entered();
            record("image_queue", arrival);
            let start = Instant::now();
            let result = job();
            record(stage, start);
            drop((worker, place));
            result
        })
        .await
        .map_err(PoolError::Panicked)
    }
}

/// Records how long a stage took that began at `start`.
pub(crate) fn record(stage: &'static str, start: Instant) {
    metrics::histogram!("pupila_stage_seconds", "stage" => stage).record(start.elapsed());
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
