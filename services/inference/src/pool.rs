//! How much CPU work runs and waits at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use metrics::histogram;
use pupila_core::{ErrorCode, Fault};
use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

use crate::config::PoolConfig;

/// A bounded pool for work that takes a core. A full pool answers at once instead of growing.
#[derive(Debug, Clone)]
pub struct Pool {
    /// One permit a job that runs or waits.
    places: Arc<Semaphore>,
    /// One permit a job that runs.
    workers: Arc<Semaphore>,
    queue: usize,
}

/// The work was not done.
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
    pub fn new(config: &PoolConfig) -> Self {
        Self {
            places: Arc::new(Semaphore::new(config.workers + config.queue)),
            workers: Arc::new(Semaphore::new(config.workers)),
            queue: config.queue,
        }
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
        let arrival = Instant::now();
        let full = |_| PoolError::Full(self.queue);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        // Fails only on a closed semaphore, and these are never closed.
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| PoolError::Full(self.queue))?;
        spawn_blocking(move || {
            let waited = arrival.elapsed();
            histogram!("pupila_stage_seconds", "stage" => "queue").record(waited.as_secs_f64());
            let result = job();
            drop((worker, place));
            (result, waited)
        })
        .await
        .map_err(PoolError::Panicked)
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
