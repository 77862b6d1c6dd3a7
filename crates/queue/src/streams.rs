//! A queue for many processes, on Redis Streams.

mod keys;
mod link;
mod scripts;
mod subscription;
mod wire;

use std::{pin::pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use pupila_core::{Clock, LeaseId, UserId};
use redis::pipe;
use secrecy::SecretString;
use tokio::{sync::Notify, time};
use tokio_util::task::AbortOnDropHandle;

use self::{
    keys::Keys,
    link::Link,
    scripts::Scripts,
    subscription::Subscription,
    wire::{Depths, Held, Taken},
};
use crate::{
    Change, DeadLetter, Delivery, Depth, OpenError, Priority, Queue, QueueConfig, QueueError,
    Share, Ticket, WorkerName,
    admission::Admission,
    fanout::Fanout,
    turns::{DEAD_LETTERS, LONGEST_WAIT},
};

/// How many tickets go into one call of a script, during which Redis does nothing else: some milliseconds.
const CHUNK: usize = 1_000;

/// How long one process may take to offer again all that waits before another is told to.
const REFILL: Duration = Duration::from_secs(60);

/// A queue on Redis Streams. Redis may come and go.
pub(crate) struct RedisQueue {
    link: Link,
    keys: Keys,
    scripts: Scripts,
    bell: Arc<Notify>,
    changes: Fanout,
    clock: Arc<dyn Clock>,
    admission: Admission,
    redeliver_after: Duration,
    /// What the marker says while it is this process that fills the queue again.
    mark: String,
    _listening: AbortOnDropHandle<()>,
}

impl RedisQueue {
    /// A queue that connects when it is first asked something. Must be called within a runtime.
    pub(crate) fn new(
        url: &SecretString,
        config: &QueueConfig,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        let client = link::client(url, config)?;
        let keys = Keys::new(&config.prefix);
        let (bell, changes) = (Arc::new(Notify::new()), Fanout::new());
        let subscription = Subscription {
            client: client.clone(),
            bell: (keys.bell(), bell.clone()),
            changes: (keys.changes(), changes.clone()),
        };
        Ok(Self {
            link: Link::new(client),
            keys,
            scripts: Scripts::new(),
            bell,
            changes,
            mark: LeaseId::new(clock.now()).to_string(),
            clock,
            admission: Admission::new(config),
            redeliver_after: config.redeliver_after(),
            _listening: AbortOnDropHandle::new(tokio::spawn(subscription.run())),
        })
    }

    async fn try_take(&self, worker: &WorkerName, at_most: usize) -> Result<Taken, QueueError> {
        let now = self.clock.now();
        let call = self
            .scripts
            .take(&self.keys, worker, at_most, now, self.redeliver_after);
        self.link.ask(&call).await
    }
}

#[async_trait]
impl Queue for RedisQueue {
    fn share(&self) -> Share {
        self.admission.share()
    }

    async fn admit(
        &self,
        owner: UserId,
        priority: Priority,
        count: usize,
    ) -> Result<(), QueueError> {
        let mut asked = pipe();
        asked
            .hget(self.keys.counts(), "i")
            .hget(self.keys.counts(), "b")
            .zcard(self.keys.delayed())
            .zcard(self.keys.unsettled());
        for priority in [Priority::Interactive, Priority::Batch] {
            asked.cmd("XLEN").arg(self.keys.stream(priority, owner));
        }
        let held: Held = self.link.ask(&asked).await?;
        self.admission.admit(wire::fill(held), priority, count)
    }

    async fn offer(&self, tickets: &[Ticket]) -> Result<(), QueueError> {
        for chunk in tickets.chunks(CHUNK) {
            let call = self.scripts.offer(&self.keys, chunk);
            self.link.ask::<()>(&call).await?;
        }
        Ok(())
    }

    async fn offer_later(&self, tickets: &[(Ticket, Timestamp)]) -> Result<(), QueueError> {
        for chunk in tickets.chunks(CHUNK) {
            let call = self.scripts.offer_later(&self.keys, chunk);
            self.link.ask::<()>(&call).await?;
        }
        Ok(())
    }

    async fn take(&self, worker: &WorkerName, at_most: usize) -> Result<Vec<Delivery>, QueueError> {
        let at_most = at_most.min(CHUNK);
        loop {
            // Listens before it looks, so that nothing is offered unheard in between.
            let mut rung = pin!(self.bell.notified());
            rung.as_mut().enable();
            let taken = self.try_take(worker, at_most).await?;
            if !taken.deliveries.is_empty() || at_most == 0 {
                return Ok(taken.deliveries);
            }
            let wait = taken
                .wait
                .map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT));
            // Whether it was the bell or the time: look again.
            let _ = time::timeout(wait, rung).await;
        }
    }

    async fn settle(&self, deliveries: &[Delivery]) -> Result<(), QueueError> {
        for chunk in deliveries.chunks(CHUNK) {
            let call = self.scripts.settle(&self.keys, chunk);
            self.link.ask::<()>(&call).await?;
        }
        Ok(())
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), QueueError> {
        let mut bury = redis::cmd("XADD");
        bury.arg(self.keys.dead())
            .arg(("MAXLEN", "=", DEAD_LETTERS, "*"))
            .arg(("task", letter.task.to_string()))
            .arg(("reason", letter.reason))
            .arg(("attempts", letter.attempts))
            .arg(("time", letter.time.to_string()));
        self.link.ask(&bury).await
    }

    async fn depth(&self) -> Result<Depth, QueueError> {
        let mut asked = pipe();
        asked
            .hget(self.keys.counts(), "i")
            .hget(self.keys.counts(), "b")
            .zcard(self.keys.delayed())
            .zcard(self.keys.unsettled())
            .cmd("XLEN")
            .arg(self.keys.dead());
        let depths: Depths = self.link.ask(&asked).await?;
        Ok(wire::depth(depths))
    }

    async fn announce(&self, changes: &[Change]) -> Result<(), QueueError> {
        let mut said = pipe();
        for chunk in changes.chunks(CHUNK) {
            said.publish(self.keys.changes(), wire::message(chunk))
                .ignore();
        }
        if said.is_empty() {
            return Ok(());
        }
        self.link.ask(&said).await
    }

    fn changes(&self) -> BoxStream<'static, Change> {
        self.changes.watch()
    }

    async fn claim_refill(&self) -> Result<bool, QueueError> {
        let mut mark = redis::cmd("SET");
        mark.arg(self.keys.marker())
            .arg((&self.mark, "NX", "EX", REFILL.as_secs()));
        let marked: Option<String> = self.link.ask(&mark).await?;
        Ok(marked.is_some())
    }

    async fn confirm_refill(&self) -> Result<(), QueueError> {
        let call = self.scripts.confirm_refill(&self.keys, &self.mark);
        self.link.ask(&call).await
    }

    async fn ping(&self) -> Result<(), QueueError> {
        let ping = redis::cmd("PING");
        self.link.ask(&ping).await
    }
}
