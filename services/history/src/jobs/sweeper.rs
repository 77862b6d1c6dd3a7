//! Finds what was forgotten: leases that ran out, and tasks that wait while no queue knows of them.

mod offers;
mod reach;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use pupila_core::{Clock, Listing, TaskId};
use pupila_runtime::rpc::with_causes;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use self::reach::Reach;
use super::{JobError, JobStore, JobsConfig, Rules, herald::Herald};

/// Most tasks that are looked at in one go.
const BATCH: u32 = 500;

/// What is done about jobs without being asked.
pub struct Sweeper {
    store: Arc<dyn JobStore>,
    clock: Arc<dyn Clock>,
    herald: Herald,
    rules: Rules,
    interval: Duration,
}

/// What a sweep did not do.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct Unswept {
    what: &'static str,
    #[source]
    cause: JobError,
}

impl Sweeper {
    pub(crate) fn new(
        store: Arc<dyn JobStore>,
        clock: Arc<dyn Clock>,
        herald: Herald,
        config: &JobsConfig,
    ) -> Self {
        Self {
            store,
            clock,
            herald,
            rules: config.rules(),
            interval: Duration::from_secs(config.sweep_seconds),
        }
    }

    /// Sweeps from time to time until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        stop.run_until_cancelled(self.keep_sweeping()).await;
    }

    /// Looks once at all that may have been forgotten. What cannot be done keeps nothing else from being done.
    ///
    /// # Errors
    /// What was not done; the next sweep goes on.
    pub async fn sweep(&self) -> Result<(), Vec<Unswept>> {
        self.sweep_up(true).await
    }

    /// Looks at all but leases where they say nothing.
    async fn sweep_up(&self, leases_count: bool) -> Result<(), Vec<Unswept>> {
        let reclaimed = match leases_count {
            true => self.reclaim(self.clock.now()).await,
            false => Ok(()),
        };
        let offered = self.offer_again().await;
        let tidied = self.store.tidy(self.clock.now(), BATCH).await;
        let parts = [
            ("what dead workers hold was not taken back", reclaimed),
            ("what waits was not offered again", offered),
            ("what nobody asks for any more was not forgotten", tidied),
        ];
        let unswept = parts.into_iter().filter_map(|(what, done)| {
            let cause = done.err()?;
            Some(Unswept { what, cause })
        });
        let unswept: Vec<_> = unswept.collect();
        match unswept.is_empty() {
            true => Ok(()),
            false => Err(unswept),
        }
    }

    /// Takes every task from whoever holds it, as if all leases had run out. Only for a process that is the only one at the
    /// database, before its worker begins: whoever held something then is dead, and nobody need wait for the leases.
    ///
    /// # Errors
    /// The store is away.
    pub async fn reclaim_all(&self) -> Result<(), JobError> {
        self.reclaim(Timestamp::MAX).await
    }

    /// Waits until the queue was told what it had to be told by now.
    pub async fn settled(&self) {
        self.herald.settled().await;
    }

    async fn keep_sweeping(&self) {
        let mut ticks = tokio::time::interval(self.interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let [interval, lease] = [self.interval, self.rules.lease]
            .map(|time| SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX));
        let mut reach = Reach::new(self.clock.now(), interval, lease);
        loop {
            ticks.tick().await;
            let swept = self.sweep_up(reach.is_enough(self.clock.now())).await;
            for unswept in swept.err().unwrap_or_default() {
                if matches!(unswept.cause, JobError::Unavailable(_)) {
                    reach.lost();
                }
                let error = with_causes(&unswept);
                tracing::warn!(error, "jobs were not swept");
            }
        }
    }

    /// Takes tasks whose leases end by `until` from their workers.
    async fn reclaim(&self, until: Timestamp) -> Result<(), JobError> {
        let (mut after, mut reclaimed) = (None, Ok(()));
        loop {
            let Listing { items, next } = self.store.lapsed(after, until, BATCH).await?;
            reclaimed = reclaimed.and(self.reclaim_some(&items, until).await);
            if next.is_none() || matches!(reclaimed, Err(JobError::Unavailable(_))) {
                return reclaimed;
            }
            after = next;
        }
    }

    /// One that cannot be read, such as a newer replica's, must not keep its neighbours: then each is tried by itself.
    async fn reclaim_some(&self, tasks: &[TaskId], until: Timestamp) -> Result<(), JobError> {
        let mut reclaimed = self.try_reclaim(tasks, until).await;
        if tasks.len() > 1 && matches!(reclaimed, Err(JobError::Store(_) | JobError::Encoding(_))) {
            reclaimed = Ok(());
            for task in tasks.chunks(1) {
                match self.try_reclaim(task, until).await {
                    Err(error @ JobError::Unavailable(_)) => return Err(error),
                    done => reclaimed = reclaimed.and(done),
                }
            }
        }
        reclaimed
    }

    async fn try_reclaim(&self, tasks: &[TaskId], until: Timestamp) -> Result<(), JobError> {
        if tasks.is_empty() {
            return Ok(());
        }
        let reclaim = self.store.reclaim(tasks, until, &*self.clock, &self.rules);
        self.herald.tell(reclaim.await?);
        Ok(())
    }
}
