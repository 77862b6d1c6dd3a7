//! What every queue must do: one in memory and one on Redis alike.

mod delays;
mod deliveries;
mod offers;
mod turns;
mod watching;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use pupila_core::{Clock as _, ManualClock, TaskId, UserId};
use pupila_queue::{
    Delivery, Priority, Queue, QueueConfig, QueueError, TestQueue, Ticket, WorkerName, open,
};
use tokio::time;

/// Runs each test, a function of a [`Bench`], on a queue in memory and on one on the Redis test server.
macro_rules! on_every_queue {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::Bench::memory().await).await;
            })+
        }

        mod redis {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::Bench::redis().await).await;
            })+
        }
    };
}
pub(crate) use on_every_queue;

/// Longer than anything takes that is to happen.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long is waited for what is not to happen.
const MOMENT: Duration = Duration::from_millis(150);

/// A queue and the hands of its clock.
struct Bench {
    test: TestQueue,
    queue: Arc<dyn Queue>,
    clock: Arc<ManualClock>,
}

impl Bench {
    async fn memory() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::now()));
        Self::of(TestQueue::memory(clock.clone()).await, clock)
    }

    async fn redis() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::now()));
        Self::of(TestQueue::redis(clock.clone()).await, clock)
    }

    fn of(test: TestQueue, clock: Arc<ManualClock>) -> Self {
        let queue = test.queue.clone();
        Self { test, queue, clock }
    }

    /// The same, of a size.
    async fn of_at_most(self, max_waiting: usize, per_owner: Option<usize>) -> Self {
        let config = QueueConfig {
            max_waiting,
            max_waiting_per_owner: per_owner,
            ..self.test.config.clone()
        };
        let queue = open(&config, self.clock.clone()).await.expect("open");
        Self { queue, ..self }
    }

    async fn admit(
        &self,
        owner: UserId,
        priority: Priority,
        count: usize,
    ) -> Result<(), QueueError> {
        self.queue.admit(owner, priority, count).await
    }

    fn user(&self) -> UserId {
        UserId::new(self.clock.now())
    }

    fn ticket(&self, owner: UserId, priority: Priority) -> Ticket {
        Ticket {
            task: TaskId::new(self.clock.now()),
            owner,
            priority,
        }
    }

    fn tickets(&self, count: usize, owner: UserId, priority: Priority) -> Vec<Ticket> {
        (0..count).map(|_| self.ticket(owner, priority)).collect()
    }

    /// One batch ticket of somebody.
    fn any(&self) -> Ticket {
        self.ticket(self.user(), Priority::Batch)
    }

    fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    async fn offer(&self, tickets: &[Ticket]) {
        self.queue.offer(tickets).await.expect("offered");
    }

    async fn offer_in(&self, seconds: i64, ticket: Ticket) {
        let due = self.clock.now() + SignedDuration::from_secs(seconds);
        let offered = self.queue.offer_later(&[(ticket, due)]).await;
        offered.expect("offered");
    }

    /// What a worker is handed, who waits as long as it takes.
    async fn take(&self, at_most: usize) -> Vec<Delivery> {
        let (name, queue) = (worker("ana"), &self.queue);
        let taken = time::timeout(PATIENCE, queue.take(&name, at_most)).await;
        taken.expect("something comes").expect("taken")
    }

    async fn take_one(&self) -> Ticket {
        let [delivery] = self.take(1).await.try_into().expect("one");
        delivery.ticket
    }

    async fn settle(&self, deliveries: &[Delivery]) {
        self.queue.settle(deliveries).await.expect("settled");
    }

    async fn nothing_comes(&self) {
        let (name, queue) = (worker("luis"), &self.queue);
        let taken = time::timeout(MOMENT, queue.take(&name, 1)).await;
        assert!(taken.is_err(), "{taken:?}");
    }
}

fn worker(name: &str) -> WorkerName {
    WorkerName::new(name)
}

fn tickets(deliveries: &[Delivery]) -> Vec<Ticket> {
    deliveries.iter().map(|delivery| delivery.ticket).collect()
}
