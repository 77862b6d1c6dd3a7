//! The queue in memory, which a story may take away.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use pupila_core::UserId;
use pupila_queue::{
    Change, DeadLetter, Delivery, Depth, Priority, Queue, QueueConfig, QueueError, Share, Ticket,
    WorkerName,
};
use tokio::sync::watch;

use crate::keys::Keys;

/// The queue in memory, which a story may take away from the worker. Who offers finds it there.
pub(crate) struct TestQueue {
    queue: Arc<dyn Queue>,
    is_away: AtomicBool,
    /// How often something was asked of it while it was away, but for whether it is there.
    in_vain: watch::Sender<usize>,
    /// Whether it is told at once that tickets arrived.
    settles: watch::Sender<bool>,
}

impl TestQueue {
    pub(crate) async fn new(keys: &Keys) -> Self {
        let queue = pupila_queue::open(&QueueConfig::default(), keys.clock.clone()).await;
        Self {
            queue: queue.expect("in memory"),
            is_away: AtomicBool::new(false),
            in_vain: watch::Sender::new(0),
            settles: watch::Sender::new(true),
        }
    }

    pub(crate) fn go_away(&self) {
        self.is_away.store(true, Ordering::SeqCst);
    }

    pub(crate) fn come_back(&self) {
        self.is_away.store(false, Ordering::SeqCst);
    }

    /// Tickets are not settled until they are.
    pub(crate) fn hold_settling(&self) {
        self.settles.send_replace(false);
    }

    pub(crate) fn settle_again(&self) {
        self.settles.send_replace(true);
    }

    /// How often something was asked of it in vain.
    pub(crate) fn in_vain(&self) -> usize {
        *self.in_vain.borrow()
    }

    /// Waits until something was asked of it in vain so often.
    pub(crate) async fn was_in_vain(&self, count: usize) {
        let mut in_vain = self.in_vain.subscribe();
        let asked = in_vain.wait_for(|asked| *asked >= count).await;
        asked.expect("it lives");
    }

    fn there(&self) -> Result<&dyn Queue, QueueError> {
        if self.is_away.load(Ordering::SeqCst) {
            self.in_vain.send_modify(|count| *count += 1);
            return Err(away());
        }
        Ok(&*self.queue)
    }
}

fn away() -> QueueError {
    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    QueueError::Unavailable(refused.into())
}

#[async_trait]
impl Queue for TestQueue {
    fn share(&self) -> Share {
        self.queue.share()
    }

    async fn admit(
        &self,
        owner: UserId,
        priority: Priority,
        count: usize,
    ) -> Result<(), QueueError> {
        self.there()?.admit(owner, priority, count).await
    }

    async fn offer(&self, tickets: &[Ticket]) -> Result<(), QueueError> {
        self.queue.offer(tickets).await
    }

    async fn offer_later(&self, tickets: &[(Ticket, Timestamp)]) -> Result<(), QueueError> {
        self.there()?.offer_later(tickets).await
    }

    async fn take(&self, worker: &WorkerName, at_most: usize) -> Result<Vec<Delivery>, QueueError> {
        self.there()?.take(worker, at_most).await
    }

    async fn settle(&self, deliveries: &[Delivery]) -> Result<(), QueueError> {
        let mut settles = self.settles.subscribe();
        let _ = settles.wait_for(|settles| *settles).await;
        self.there()?.settle(deliveries).await
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), QueueError> {
        self.there()?.bury(letter).await
    }

    async fn depth(&self) -> Result<Depth, QueueError> {
        self.there()?.depth().await
    }

    async fn announce(&self, changes: &[Change]) -> Result<(), QueueError> {
        self.there()?.announce(changes).await
    }

    fn changes(&self) -> BoxStream<'static, Change> {
        self.queue.changes()
    }

    async fn claim_refill(&self) -> Result<bool, QueueError> {
        self.there()?.claim_refill().await
    }

    async fn confirm_refill(&self) -> Result<(), QueueError> {
        self.there()?.confirm_refill().await
    }

    async fn ping(&self) -> Result<(), QueueError> {
        if self.is_away.load(Ordering::SeqCst) {
            return Err(away());
        }
        self.queue.ping().await
    }
}
