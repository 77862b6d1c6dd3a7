//! A queue for one process.

mod lanes;
mod state;

use std::{
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use pupila_core::{Clock, UserId};
use tokio::{sync::Notify, time};

use self::state::State;
use crate::{
    Change, DeadLetter, Delivery, Depth, Priority, Queue, QueueConfig, QueueError, Share, Ticket,
    WorkerName, admission::Admission, fanout::Fanout, turns::LONGEST_WAIT,
};

/// A queue for one process, which ends with it.
pub(crate) struct MemoryQueue {
    state: Mutex<State>,
    bell: Notify,
    changes: Fanout,
    fresh: AtomicBool,
    clock: Arc<dyn Clock>,
    admission: Admission,
    redeliver_after: Duration,
}

impl MemoryQueue {
    pub(crate) fn new(config: &QueueConfig, clock: Arc<dyn Clock>) -> Self {
        Self {
            state: Mutex::default(),
            bell: Notify::new(),
            changes: Fanout::new(),
            fresh: AtomicBool::new(true),
            clock,
            admission: Admission::new(config),
            redeliver_after: config.redeliver_after(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What can be handed out now, or else how long to wait for more.
    fn try_take(&self, at_most: usize) -> Result<Vec<Delivery>, Duration> {
        let now = self.clock.now();
        let mut state = self.state();
        let deliveries = state.take(at_most, now, self.redeliver_after);
        if !deliveries.is_empty() || at_most == 0 {
            return Ok(deliveries);
        }
        let wait = state.next_due().map(|due| now.duration_until(due));
        let wait = wait.and_then(|wait| Duration::try_from(wait).ok());
        Err(wait.map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT)))
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    fn share(&self) -> Share {
        self.admission.share()
    }

    async fn admit(
        &self,
        owner: UserId,
        priority: Priority,
        count: usize,
    ) -> Result<(), QueueError> {
        let fill = self.state().fill(owner);
        self.admission.admit(fill, priority, count)
    }

    async fn offer(&self, tickets: &[Ticket]) -> Result<(), QueueError> {
        {
            let mut state = self.state();
            tickets.iter().for_each(|&ticket| state.offer(ticket));
        }
        self.bell.notify_waiters();
        Ok(())
    }

    async fn offer_later(&self, tickets: &[(Ticket, Timestamp)]) -> Result<(), QueueError> {
        {
            let mut state = self.state();
            for &(ticket, due) in tickets {
                state.offer_later(ticket, due);
            }
        }
        // Those who wait may have to wait less.
        self.bell.notify_waiters();
        Ok(())
    }

    async fn take(&self, _: &WorkerName, at_most: usize) -> Result<Vec<Delivery>, QueueError> {
        loop {
            // Listens before it looks, so that nothing is offered unheard in between.
            let mut rung = pin!(self.bell.notified());
            rung.as_mut().enable();
            match self.try_take(at_most) {
                Ok(deliveries) => return Ok(deliveries),
                Err(wait) => {
                    // Whether it was the bell or the time: look again.
                    let _ = time::timeout(wait, rung).await;
                }
            }
        }
    }

    async fn settle(&self, deliveries: &[Delivery]) -> Result<(), QueueError> {
        let mut state = self.state();
        deliveries
            .iter()
            .for_each(|delivery| state.settle(delivery));
        Ok(())
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), QueueError> {
        self.state().bury(letter.clone());
        Ok(())
    }

    async fn depth(&self) -> Result<Depth, QueueError> {
        Ok(self.state().depth())
    }

    async fn announce(&self, changes: &[Change]) -> Result<(), QueueError> {
        changes.iter().for_each(|&change| self.changes.tell(change));
        Ok(())
    }

    fn changes(&self) -> BoxStream<'static, Change> {
        self.changes.watch()
    }

    async fn claim_refill(&self) -> Result<bool, QueueError> {
        Ok(self.fresh.swap(false, Ordering::Relaxed))
    }

    /// It goes with whoever was told that it was empty: there is nobody else to tell.
    async fn confirm_refill(&self) -> Result<(), QueueError> {
        Ok(())
    }

    async fn ping(&self) -> Result<(), QueueError> {
        Ok(())
    }
}
