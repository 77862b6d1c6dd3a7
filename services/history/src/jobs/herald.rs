//! Tells the queue what was committed.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use jiff::Timestamp;
use pupila_core::Clock;
use pupila_queue::{Queue, QueueError, Ticket};
use pupila_runtime::rpc::with_causes;
use tokio_util::task::TaskTracker;

use super::{Aftermath, metrics};

/// Tells the queue what was committed, behind the back of who asked for it: what the queue does not hear of waits in the
/// database all the same, and is offered again. Its clones share what they know.
#[derive(Clone)]
pub(crate) struct Herald {
    queue: Arc<dyn Queue>,
    clock: Arc<dyn Clock>,
    /// The queue did not hear of something.
    missed: Arc<AtomicBool>,
    /// It was said that the queue does not answer.
    silent: Arc<AtomicBool>,
    telling: TaskTracker,
}

/// What the queue knows of what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recall {
    /// All of it, as far as is known.
    Whole,
    /// It missed or lost some of it.
    Gaps,
    /// It does not answer.
    Away,
}

impl Herald {
    pub(crate) fn new(queue: Arc<dyn Queue>, clock: Arc<dyn Clock>) -> Self {
        let telling = TaskTracker::new();
        // What is told goes on being tracked; now it can be waited for.
        telling.close();
        Self {
            queue,
            clock,
            missed: Arc::default(),
            silent: Arc::default(),
            telling,
        }
    }

    /// Counts what happened, and tells the queue.
    pub(crate) fn tell(&self, aftermath: Aftermath) {
        let Aftermath {
            tickets,
            changes,
            letters,
            events,
        } = aftermath;
        metrics::count(&events);
        if tickets.is_empty() && changes.is_empty() && letters.is_empty() {
            return;
        }
        let herald = self.clone();
        self.telling.spawn(async move {
            herald.offer(&tickets).await;
            if !changes.is_empty() {
                // Watchers look by themselves now and then.
                herald.note(&herald.queue.announce(&changes).await);
            }
            for letter in &letters {
                herald.note(&herald.queue.bury(letter).await);
            }
        });
    }

    /// Offers tasks, each once it is due. Whether the queue heard of all.
    pub(crate) async fn offer(&self, tickets: &[(Ticket, Timestamp)]) -> bool {
        let now = self.clock.now();
        let (later, at_once): (Vec<_>, Vec<_>) =
            tickets.iter().copied().partition(|(_, due)| *due > now);
        let at_once: Vec<_> = at_once.into_iter().map(|(ticket, _)| ticket).collect();
        let mut heard = true;
        if !at_once.is_empty() {
            heard &= self.note(&self.queue.offer(&at_once).await);
        }
        if !later.is_empty() {
            heard &= self.note(&self.queue.offer_later(&later).await);
        }
        if !heard {
            self.missed.store(true, Ordering::Release);
        }
        heard
    }

    /// Asks what the queue knows of what waits, and takes it on to fill the gaps: nobody else is told of them then, unless
    /// whoever was says that it did not [work](Self::filled), or nothing for a minute.
    pub(crate) async fn claim_refill(&self) -> Recall {
        match self.queue.claim_refill().await {
            Ok(emptied) if emptied | self.missed.swap(false, Ordering::AcqRel) => Recall::Gaps,
            Ok(_) => Recall::Whole,
            Err(_) => Recall::Away,
        }
    }

    /// All that waits was offered again; or not all of it, and it has to be tried once more.
    pub(crate) async fn filled(&self, all: bool) {
        let heard = all && self.note(&self.queue.confirm_refill().await);
        if !heard {
            self.missed.store(true, Ordering::Release);
        }
    }

    /// Waits until the queue was told what it had to be told by now.
    pub(crate) async fn settled(&self) {
        self.telling.wait().await;
    }

    /// Whether it worked. Why it did not is said once, until it works again.
    fn note(&self, told: &Result<(), QueueError>) -> bool {
        match told {
            Ok(()) => {
                if self.silent.swap(false, Ordering::AcqRel) {
                    tracing::info!("the queue answers again");
                }
                true
            }
            Err(error) => {
                if !self.silent.swap(true, Ordering::AcqRel) {
                    let error = with_causes(error);
                    tracing::warn!(
                        error,
                        "the queue was not told: what waits is offered again later"
                    );
                }
                false
            }
        }
    }
}
