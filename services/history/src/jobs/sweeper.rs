//! Finds what was forgotten: leases that ran out, and tasks that wait while no queue knows of them.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use pupila_core::Clock;
use pupila_runtime::rpc::with_causes;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{
    JobError, JobStore, JobsConfig, Rules, Sleeper,
    herald::{Herald, Recall},
    reminder,
};

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

    /// Looks once at all that may have been forgotten.
    ///
    /// # Errors
    /// The store is away; the next sweep goes on.
    pub async fn sweep(&self) -> Result<(), JobError> {
        self.reclaim(|now| now).await?;
        match self.herald.claim_refill().await {
            Recall::Whole => self.remind().await?,
            Recall::Gaps => {
                let offered = self.offer_all().await;
                self.herald.filled(matches!(offered, Ok(true))).await;
                offered?;
            }
            // Who is not there is not reminded.
            Recall::Away => {}
        }
        self.store.tidy(self.clock.now(), BATCH).await
    }

    /// Takes every task from whoever holds it, as if all leases had run out. Only for a process that is the only one at the
    /// database, before its worker begins: whoever held something then is dead, and nobody need wait for the leases.
    ///
    /// # Errors
    /// The store is away.
    pub async fn reclaim_all(&self) -> Result<(), JobError> {
        self.reclaim(|_| Timestamp::MAX).await
    }

    /// Waits until the queue was told what it had to be told by now.
    pub async fn settled(&self) {
        self.herald.settled().await;
    }

    async fn keep_sweeping(&self) {
        let mut ticks = tokio::time::interval(self.interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.sweep().await {
                tracing::warn!(error = with_causes(&error), "jobs were not swept");
            }
        }
    }

    /// Takes tasks whose leases end by what `until` makes of the time from their workers.
    async fn reclaim(&self, until: impl Fn(Timestamp) -> Timestamp) -> Result<(), JobError> {
        loop {
            let now = self.clock.now();
            let reclaimed = self
                .store
                .reclaim(until(now), &*self.clock, &self.rules, BATCH);
            let (found, aftermath) = reclaimed.await?;
            self.herald.tell(aftermath);
            if found < BATCH as usize {
                return Ok(());
            }
        }
    }

    /// Offers all that waits, because the queue forgot some of it. Whether it heard of all.
    async fn offer_all(&self) -> Result<bool, JobError> {
        let mut last = None;
        loop {
            let sleepers = self.store.sleepers(last.as_ref(), Timestamp::MAX, BATCH);
            let sleepers = sleepers.await?;
            if !self.offer(&sleepers).await {
                return Ok(false);
            }
            match sleepers.last() {
                Some(sleeper) if sleepers.len() == BATCH as usize => last = Some(*sleeper),
                _ => return Ok(true),
            }
        }
    }

    /// Offers what has been due for long. Of several processes one does.
    async fn remind(&self) -> Result<(), JobError> {
        loop {
            let now = self.clock.now();
            let sleepers = self.store.sleepers(None, now, BATCH).await?;
            for (wake, sleepers) in reminder::plan(&sleepers, now, rand::random()) {
                if self.store.remind(&sleepers, now, wake).await? && !self.offer(&sleepers).await {
                    return Ok(());
                }
            }
            if sleepers.len() < BATCH as usize {
                return Ok(());
            }
        }
    }

    /// Whether the queue heard of it.
    async fn offer(&self, sleepers: &[Sleeper]) -> bool {
        let tickets: Vec<_> = sleepers
            .iter()
            .map(|sleeper| (sleeper.ticket, sleeper.due))
            .collect();
        self.herald.offer(&tickets).await
    }
}
