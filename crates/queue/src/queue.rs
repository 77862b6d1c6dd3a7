//! What a queue does.

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use pupila_core::{TaskId, UserId};

use crate::{Change, Delivery, Priority, QueueError, Share, Ticket, WorkerName};

/// Hands tasks to workers: interactive before batch, users in turns, each user's in order. Delivery is at least once.
#[async_trait]
pub trait Queue: Send + Sync {
    /// What one owner may have. The queue knows only of what was offered and not settled yet: whoever knows of all that has
    /// not ended holds it against this.
    fn share(&self) -> Share;

    /// Whether `count` more tickets of the owner's fit: a full queue refuses new jobs, but takes every ticket of those that
    /// exist. No owner may bring more than their share, as far as is known here, and batches leave room for what somebody
    /// waits for. What waits for another attempt counts to the whole, but not to the owner's part.
    ///
    /// # Errors
    /// [`QueueError::Full`], or the queue is away.
    async fn admit(
        &self,
        owner: UserId,
        priority: Priority,
        count: usize,
    ) -> Result<(), QueueError>;

    /// Offers tasks. One that waits here already, or was handed out and is not settled, is not offered twice.
    ///
    /// # Errors
    /// The queue is away.
    async fn offer(&self, tickets: &[Ticket]) -> Result<(), QueueError>;

    /// Offers each task once its time has come. As in [`offer`](Self::offer), each waits here once.
    ///
    /// # Errors
    /// The queue is away.
    async fn offer_later(&self, tickets: &[(Ticket, Timestamp)]) -> Result<(), QueueError>;

    /// Hands `worker` up to `at_most` tickets, as soon as there is one. Dropping the future loses no ticket for good: one that was
    /// handed out and never settled is handed out again.
    ///
    /// # Errors
    /// The queue is away.
    async fn take(&self, worker: &WorkerName, at_most: usize) -> Result<Vec<Delivery>, QueueError>;

    /// The deliveries arrived: history has given their tasks to a worker, or does not want them worked on.
    ///
    /// # Errors
    /// The queue is away.
    async fn settle(&self, deliveries: &[Delivery]) -> Result<(), QueueError>;

    /// Writes down that a task was given up because it took its worker with it time and again, for people to look at. It goes
    /// with the queue: how many there were of late history knows.
    ///
    /// # Errors
    /// The queue is away.
    async fn bury(&self, letter: &DeadLetter) -> Result<(), QueueError>;

    /// How much is here.
    ///
    /// # Errors
    /// The queue is away.
    async fn depth(&self) -> Result<Depth, QueueError>;

    /// Wakes who watches jobs, in every process. Watchers look by themselves too, now and then: a change that is
    /// lost makes them late only.
    ///
    /// # Errors
    /// The queue is away.
    async fn announce(&self, changes: &[Change]) -> Result<(), QueueError>;

    /// Changes that are announced from now on, in whichever process. While the queue is away none come.
    fn changes(&self) -> BoxStream<'static, Change>;

    /// Whether the caller has to offer again all that waits, because the queue lost what was in it, and then to
    /// [say so](Self::confirm_refill). Of all who ask one is told; on Redis another one too, where it was not confirmed within a
    /// minute. A new queue is one that lost everything.
    ///
    /// # Errors
    /// The queue is away.
    async fn claim_refill(&self) -> Result<bool, QueueError>;

    /// All that waits was offered again, by who [had to](Self::claim_refill). Where the queue lost it once more in the meantime,
    /// somebody has to do it all again.
    ///
    /// # Errors
    /// The queue is away.
    async fn confirm_refill(&self) -> Result<(), QueueError>;

    /// Whether it answers.
    ///
    /// # Errors
    /// The queue is away.
    async fn ping(&self) -> Result<(), QueueError>;
}

/// A task that was given up because it took its worker with it time and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The task.
    pub task: TaskId,
    /// Stable, such as `WORKER_LOST`.
    pub reason: &'static str,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub time: Timestamp,
}

/// How much is in a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    /// Interactive tickets that wait to be handed out.
    pub interactive: u64,
    /// Batch tickets that wait to be handed out.
    pub batch: u64,
    /// Tickets whose time has not come.
    pub delayed: u64,
    /// Tickets that were handed out and are not settled.
    pub unsettled: u64,
    /// Tasks that were given up.
    pub dead: u64,
}
