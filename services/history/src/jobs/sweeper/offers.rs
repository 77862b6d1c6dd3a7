//! What waits is offered again, because the queue lost it or nobody came for it.

use jiff::Timestamp;
use pupila_core::Listing;

use super::{BATCH, Sweeper};
use crate::jobs::{JobError, Sleeper, herald::Recall, reminder};

impl Sweeper {
    /// Offers all that waits where the queue forgot some of it, otherwise what has been due for long.
    pub(super) async fn offer_again(&self) -> Result<(), JobError> {
        match self.herald.claim_refill().await {
            Recall::Whole => self.remind().await,
            Recall::Gaps => {
                let offered = self.offer_all().await;
                self.herald.filled(matches!(offered, Ok(true))).await;
                offered.map(drop)
            }
            // Who is not there is not reminded.
            Recall::Away => Ok(()),
        }
    }

    /// Offers all that waits, because the queue forgot some of it. Whether it heard of all.
    async fn offer_all(&self) -> Result<bool, JobError> {
        let (mut after, mut offered) = (None, Ok(true));
        loop {
            let sleepers = self.store.sleepers(after, Timestamp::MAX, BATCH);
            let Listing { items, next } = sleepers.await?;
            let (sleepers, read) = readable(items);
            offered = offered.and_then(|_| read.map(|()| true));
            if !self.offer(&sleepers).await {
                return offered.map(|_| false);
            }
            if next.is_none() {
                return offered;
            }
            after = next;
        }
    }

    /// Offers what has been due for long. Of several processes one does.
    async fn remind(&self) -> Result<(), JobError> {
        let now = self.clock.now();
        let (mut after, mut reminded) = (None, Ok(()));
        loop {
            let Listing { items, next } = self.store.sleepers(after, now, BATCH).await?;
            let (sleepers, read) = readable(items);
            reminded = reminded.and(read);
            for (wake, sleepers) in reminder::plan(&sleepers, now, rand::random()) {
                if self.store.remind(&sleepers, now, wake).await? && !self.offer(&sleepers).await {
                    return reminded;
                }
            }
            if next.is_none() {
                return reminded;
            }
            after = next;
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

/// Those that can be read, and why one cannot.
fn readable(items: Vec<Result<Sleeper, JobError>>) -> (Vec<Sleeper>, Result<(), JobError>) {
    let mut read = Ok(());
    let sleepers = items.into_iter().filter_map(|item| match item {
        Ok(sleeper) => Some(sleeper),
        Err(error) => {
            read = Err(error);
            None
        }
    });
    (sleepers.collect(), read)
}
