//! Finds what was forgotten: leases that ran out, and tasks that wait while no queue knows of them.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use pupila_core::Clock;
use pupila_runtime::rpc::with_causes;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{JobError, JobStore, JobsConfig, Rules, Sleeper, herald::Herald};

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

    /// Sweeps from time to time until `stop`. The queue is told at last what it has to be told.
    pub async fn run(self, stop: CancellationToken) {
        stop.run_until_cancelled(self.keep_sweeping()).await;
        self.herald.settled().await;
    }

    /// Looks once at all that may have been forgotten.
    ///
    /// # Errors
    /// The store is away; the next sweep goes on.
    pub async fn sweep(&self) -> Result<(), JobError> {
        self.reclaim().await?;
        if self.herald.forgot().await {
            self.offer_all().await?;
        } else {
            self.remind().await?;
        }
        self.store.tidy(self.clock.now(), BATCH).await
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

    /// Takes tasks from workers that were not heard of.
    async fn reclaim(&self) -> Result<(), JobError> {
        loop {
            let now = self.clock.now();
            let reclaimed = self.store.reclaim(now, &self.rules, BATCH).await;
            let (found, aftermath) = reclaimed?;
            self.herald.tell(aftermath);
            if found < BATCH as usize {
                return Ok(());
            }
        }
    }

    /// Offers all that waits, because the queue forgot some of it.
    async fn offer_all(&self) -> Result<(), JobError> {
        let mut last = None;
        loop {
            let found = self.offer_some(last.as_ref(), Timestamp::MAX).await?;
            match found.last() {
                Some(sleeper) if found.len() == BATCH as usize => last = Some(*sleeper),
                _ => return Ok(()),
            }
        }
    }

    /// Offers what has been due for long.
    async fn remind(&self) -> Result<(), JobError> {
        loop {
            let now = self.clock.now();
            let found = self.offer_some(None, now).await?;
            if !found.is_empty() {
                self.store.remind(&found, self.clock.now()).await?;
            }
            if found.len() < BATCH as usize {
                return Ok(());
            }
        }
    }

    /// Offers what waits and comes after `last`. Nothing is answered where the queue did not hear of it.
    async fn offer_some(
        &self,
        last: Option<&Sleeper>,
        until: Timestamp,
    ) -> Result<Vec<Sleeper>, JobError> {
        let sleepers = self.store.sleepers(last, until, BATCH).await?;
        let tickets: Vec<_> = sleepers
            .iter()
            .map(|sleeper| (sleeper.ticket, sleeper.due))
            .collect();
        let heard = self.herald.offer(&tickets).await;
        Ok(if heard { sleepers } else { Vec::new() })
    }
}
