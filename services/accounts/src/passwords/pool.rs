//! How many passwords are worked on at once, and how many wait: each takes a core for tens of milliseconds, and tens
//! of megabytes.

use std::{sync::Arc, time::Instant};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use crate::AccountsError;

/// A bounded pool for work that takes a core. A full pool answers at once instead of growing.
#[derive(Debug)]
pub(super) struct Pool {
    /// One permit a slot.
    slots: Arc<Semaphore>,
    /// One permit a job that runs.
    workers: Arc<Semaphore>,
}

/// The right to have jobs done, one after the other. A job that has begun keeps it until its end.
#[derive(Debug)]
pub(super) struct Slot {
    place: Arc<OwnedSemaphorePermit>,
    workers: Arc<Semaphore>,
}

impl Pool {
    /// An empty pool.
    pub(super) fn new(workers: usize, queue: usize) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(workers + queue)),
            workers: Arc::new(Semaphore::new(workers)),
        }
    }

    /// A slot, if one is free now.
    pub(super) fn slot(&self) -> Result<Slot, AccountsError> {
        let place = Arc::clone(&self.slots).try_acquire_owned();
        Ok(Slot {
            place: Arc::new(place.map_err(|_| AccountsError::PasswordQueueFull)?),
            workers: Arc::clone(&self.workers),
        })
    }
}

impl Slot {
    /// Runs `job` once a worker is free, first come first served.
    pub(super) async fn run<T, J>(&self, job: J) -> Result<T, AccountsError>
    where
        T: Send + 'static,
        J: FnOnce() -> T + Send + 'static,
    {
        // Fails only on a closed semaphore, and these are never closed.
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| AccountsError::PasswordQueueFull)?;
        let place = Arc::clone(&self.place);
        spawn_blocking(move || {
            let start = Instant::now();
            let result = job();
            metrics::histogram!("pupila_password_seconds").record(start.elapsed());
            drop((worker, place));
            result
        })
        .await
        .map_err(|error| AccountsError::Broken(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_then_takes_the_next() {
        let pool = Pool::new(1, 1);
        let first = pool.slot().expect("a worker's");
        let second = pool.slot().expect("the queue's");
        assert!(matches!(pool.slot(), Err(AccountsError::PasswordQueueFull)));
        drop(second);
        pool.slot().expect("free again");
        assert_eq!(first.run(|| 7).await.expect("done"), 7);
    }

    #[tokio::test]
    async fn whoever_hangs_up_keeps_the_place_until_the_job_is_done() {
        let pool = Pool::new(1, 0);
        let slot = pool.slot().expect("free");
        let (begun, beginning) = tokio::sync::oneshot::channel();
        let (end, ending) = mpsc::channel::<()>();
        let running = tokio::spawn(async move {
            let job = move || {
                let _ = begun.send(());
                let _ = ending.recv();
            };
            slot.run(job).await
        });
        beginning.await.expect("it runs");
        running.abort();
        assert!(running.await.expect_err("gone").is_cancelled());
        assert!(pool.slot().is_err());
        drop(end);
        let _ = pool.slots.acquire().await.expect("free again");
    }

    #[tokio::test]
    async fn a_job_that_panics_leaves_the_pool_working() {
        let pool = Pool::new(1, 0);
        let slot = pool.slot().expect("free");
        assert!(slot.run(|| panic!("on purpose")).await.is_err());
        assert_eq!(slot.run(|| 7).await.expect("done"), 7);
    }
}
