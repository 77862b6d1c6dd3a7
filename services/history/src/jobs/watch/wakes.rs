//! When it is worth looking.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream::BoxStream};
use pupila_core::{JobId, UserId};
use pupila_queue::{Change, Queue};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::{PAUSE, POLL};

/// What the queue says of one owner's jobs.
pub(super) struct Wakes {
    changes: BoxStream<'static, Change>,
    owner: UserId,
    job: Option<JobId>,
    closing: CancellationToken,
    /// When it was worth looking last.
    last: Instant,
    /// When everything was looked at last, whatever changed since.
    polled: Instant,
}

/// Why a watcher looks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// These jobs changed.
    Changed(BTreeSet<JobId>),
    /// It is time to look at everything: what is said may be lost.
    Poll,
    /// The process stops.
    Closing,
}

impl Wakes {
    /// Listens from now on, to changes of one job or of all that the owner has.
    pub(super) fn new(
        queue: &dyn Queue,
        owner: UserId,
        job: Option<JobId>,
        closing: CancellationToken,
    ) -> Self {
        let now = Instant::now();
        Self {
            changes: queue.changes(),
            owner,
            job,
            closing,
            last: now,
            polled: now,
        }
    }

    /// Waits until it is worth looking. What changes shortly after a look waits a little, and comes together.
    pub(super) async fn next(&mut self) -> Wake {
        let wake = self.first().await;
        let Wake::Changed(mut jobs) = wake else {
            self.last = Instant::now();
            self.polled = self.last;
            return wake;
        };
        let look = sleep_until(self.last + PAUSE);
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = self.closing.cancelled() => return Wake::Closing,
                Some(change) = self.changes.next() => jobs.extend(self.ours(change)),
                () = &mut look => break,
            }
        }
        self.last = Instant::now();
        Wake::Changed(jobs)
    }

    async fn first(&mut self) -> Wake {
        let poll = sleep_until(self.polled + POLL);
        tokio::pin!(poll);
        let mut changes_end = false;
        loop {
            tokio::select! {
                biased;
                () = self.closing.cancelled() => return Wake::Closing,
                () = &mut poll => return Wake::Poll,
                change = self.changes.next(), if !changes_end => match change {
                    Some(change) => {
                        if let Some(job) = self.ours(change) {
                            return Wake::Changed(BTreeSet::from([job]));
                        }
                    }
                    None => changes_end = true,
                },
            }
        }
    }

    fn ours(&self, change: Change) -> Option<JobId> {
        let ours = change.owner == self.owner && self.job.is_none_or(|job| job == change.job);
        ours.then_some(change.job)
    }
}
