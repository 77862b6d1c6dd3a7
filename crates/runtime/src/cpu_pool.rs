//! How much CPU work runs and waits at once.

use std::{
    num::NonZero,
    sync::{Arc, Weak},
    thread::available_parallelism,
    time::{Duration, Instant},
};

use serde::Deserialize;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::{JoinError, spawn_blocking},
};

/// Most jobs that run at once.
const MAX_WORKERS: usize = 1024;
/// Most jobs that wait.
const MAX_QUEUE: usize = 100_000;

/// A bounded pool for work that takes a core. A full pool answers at once instead of growing. Its clones share it.
#[derive(Debug, Clone)]
pub struct CpuPool {
    /// One permit a job that runs or waits.
    places: Arc<Semaphore>,
    /// One permit a job that runs.
    workers: Arc<Semaphore>,
    queue: usize,
}

/// A worker of a pool, free again once this is dropped.
#[derive(Debug)]
pub struct CpuWorker {
    waited: Duration,
    /// That of the worker, and that of the place.
    _permits: (OwnedSemaphorePermit, OwnedSemaphorePermit),
}

/// Whether somebody waits for what a job makes.
#[derive(Debug)]
pub struct Wanted(Weak<()>);

/// `[inference.pool]`, `[images.pool]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CpuPoolConfig {
    /// Jobs that run at once; one a core by default. Each takes one core.
    pub workers: usize,
    /// Jobs that wait for a worker; more are refused at once.
    pub queue: usize,
}

/// The work was not done.
#[derive(Debug, thiserror::Error)]
pub enum CpuPoolError {
    /// All workers are busy and all places in the queue, so many, are taken.
    #[error("{0} jobs are waiting already")]
    Full(usize),
    /// It panicked. The pool works on.
    #[error("the job panicked")]
    Panicked(#[source] JoinError),
}

impl CpuPool {
    /// An empty pool.
    #[must_use]
    pub fn new(config: &CpuPoolConfig) -> Self {
        Self {
            places: Arc::new(Semaphore::new(config.workers + config.queue)),
            workers: Arc::new(Semaphore::new(config.workers)),
            queue: config.queue,
        }
    }

    /// Waits for a worker, first come first served. Whoever stops waiting leaves the queue.
    ///
    /// # Errors
    /// [`CpuPoolError::Full`] at once.
    pub async fn worker(&self) -> Result<CpuWorker, CpuPoolError> {
        let arrival = Instant::now();
        let full = |_| CpuPoolError::Full(self.queue);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        // Fails only on a closed semaphore, and these are never closed.
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| CpuPoolError::Full(self.queue))?;
        Ok(CpuWorker {
            waited: arrival.elapsed(),
            _permits: (worker, place),
        })
    }
}

impl CpuWorker {
    /// How long it took to get it.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// Runs `job` in the caller's span. A job that has begun is finished, and keeps its worker until then.
    ///
    /// # Errors
    /// [`CpuPoolError::Panicked`] if the job does.
    pub async fn run<T, J>(self, job: J) -> Result<T, CpuPoolError>
    where
        T: Send + 'static,
        J: FnOnce() -> T + Send + 'static,
    {
        self.run_while_wanted(|_| job()).await
    }

    /// The same for a job that takes long: it is told when nobody waits for it any more, and ends as soon as it asks.
    ///
    /// # Errors
    /// As those of [`run`](Self::run).
    pub async fn run_while_wanted<T, J>(self, job: J) -> Result<T, CpuPoolError>
    where
        T: Send + 'static,
        J: FnOnce(&Wanted) -> T + Send + 'static,
    {
        let span = tracing::Span::current();
        // Dropped with this future.
        let waits = Arc::new(());
        let wanted = Wanted(Arc::downgrade(&waits));
        spawn_blocking(move || {
            let _until_done = self;
            let _entered = span.entered();
            job(&wanted)
        })
        .await
        .map_err(CpuPoolError::Panicked)
    }
}

impl Wanted {
    /// Whether somebody does. To ask costs next to nothing.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.0.strong_count() > 0
    }
}

impl CpuPoolConfig {
    /// What is wrong with the section of that name, such as `inference.pool`.
    #[must_use]
    pub fn faults(&self, section: &str) -> Vec<String> {
        let mut faults = Vec::new();
        if !(1..=MAX_WORKERS).contains(&self.workers) {
            faults.push(format!(
                "{section}.workers: must be from 1 to {MAX_WORKERS}"
            ));
        }
        if self.queue > MAX_QUEUE {
            faults.push(format!("{section}.queue: must be at most {MAX_QUEUE}"));
        }
        faults
    }
}

impl Default for CpuPoolConfig {
    fn default() -> Self {
        Self {
            workers: available_parallelism().map_or(1, NonZero::get),
            queue: 64,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt as _;
    use tokio::sync::oneshot;

    use super::*;

    /// One worker, and `queue` places to wait.
    fn pool(queue: usize) -> CpuPool {
        CpuPool::new(&CpuPoolConfig { workers: 1, queue })
    }

    #[tokio::test]
    async fn who_stops_waiting_leaves_the_queue() {
        let pool = pool(1);
        let busy = pool.worker().await.expect("free");
        let mut waiting = Box::pin(pool.worker());
        assert!((&mut waiting).now_or_never().is_none(), "no worker is free");
        let refused = pool.worker().await;
        assert!(matches!(refused, Err(CpuPoolError::Full(1))));

        drop(waiting);
        let mut next = Box::pin(pool.worker());
        assert!((&mut next).now_or_never().is_none(), "a place is free");
        drop(busy);
        let next = next.await.expect("free");
        assert_eq!(next.run(|| 7).await.expect("done"), 7);
    }

    #[tokio::test]
    async fn whoever_hangs_up_keeps_the_worker_until_the_job_is_done() {
        let pool = pool(0);
        let worker = pool.worker().await.expect("free");
        let (begun, beginning) = oneshot::channel();
        let (end, ending) = mpsc::channel::<()>();
        let running = tokio::spawn(worker.run(move || {
            let _ = begun.send(());
            let _ = ending.recv();
        }));
        beginning.await.expect("it runs");
        running.abort();
        assert!(running.await.expect_err("gone").is_cancelled());
        assert!(matches!(pool.worker().await, Err(CpuPoolError::Full(0))));
        drop(end);
        let _ = pool.places.acquire().await.expect("free again");
    }

    #[tokio::test]
    async fn a_job_that_nobody_waits_for_hears_of_it() {
        let pool = pool(0);
        let worker = pool.worker().await.expect("free");
        let (begun, beginning) = oneshot::channel();
        let running = tokio::spawn(worker.run_while_wanted(|wanted| {
            let _ = begun.send(wanted.is_wanted());
            while wanted.is_wanted() {
                std::thread::yield_now();
            }
        }));
        assert!(beginning.await.expect("it runs"));
        running.abort();
        let _ = pool.places.acquire().await.expect("free again");
    }

    #[tokio::test]
    async fn a_job_that_panics_leaves_its_worker_alive() {
        let pool = pool(0);
        let worker = pool.worker().await.expect("free");
        let panicked = worker.run(|| panic!("on purpose")).await;
        assert!(matches!(panicked, Err(CpuPoolError::Panicked(_))));
        pool.worker().await.expect("free again");
    }

    #[test]
    fn a_pool_that_cannot_be_is_told_by_section() {
        assert_eq!(CpuPoolConfig::default().faults("inference.pool"), [""; 0]);
        let config = CpuPoolConfig {
            workers: 0,
            queue: 1_000_000,
        };
        let faults = config.faults("inference.pool");
        assert!(
            faults[0].starts_with("inference.pool.workers: "),
            "{faults:?}"
        );
        assert!(
            faults[1].starts_with("inference.pool.queue: "),
            "{faults:?}"
        );
    }
}
