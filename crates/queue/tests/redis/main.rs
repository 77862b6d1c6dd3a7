//! What a queue on Redis does beyond what every queue must: Redis may be away, lose what it had, or let us do little.

mod any_loss;
mod any_order;
mod away;
mod full;
mod garbage;
mod leftovers;
mod loss;
mod numbers;
mod rights;
mod server;
mod shapes;

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use pupila_core::{Clock as _, JobId, ManualClock, TaskId, UserId};
use pupila_queue::{
    Change, DeadLetter, Delivery, Depth, Priority, Queue, QueueError, Ticket, WorkerName,
};
use tokio::time;

/// Longer than anything takes that is to happen.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long is waited for what may have been missed.
const MOMENT: Duration = Duration::from_millis(200);

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(Timestamp::now()))
}

fn ticket(priority: Priority) -> Ticket {
    Ticket {
        task: TaskId::new(Timestamp::now()),
        owner: UserId::new(Timestamp::now()),
        priority,
    }
}

async fn take(queue: &dyn Queue, worker: &str, at_most: usize) -> Vec<Delivery> {
    let worker = WorkerName::new(worker);
    let taken = time::timeout(PATIENCE, queue.take(&worker, at_most)).await;
    taken.expect("something comes").expect("taken")
}

fn tickets(deliveries: &[Delivery]) -> Vec<Ticket> {
    deliveries.iter().map(|delivery| delivery.ticket).collect()
}

/// Says something until it is heard.
async fn is_heard(queue: &dyn Queue) {
    let mut changes = queue.changes();
    let change = Change {
        job: JobId::new(Timestamp::now()),
        owner: UserId::LOCAL,
    };
    let heard = async {
        loop {
            queue.announce(&[change]).await.expect("announced");
            if let Ok(heard) = time::timeout(MOMENT, changes.next()).await {
                return heard;
            }
        }
    };
    let heard = time::timeout(PATIENCE, heard).await;
    assert_eq!(heard.expect("heard"), Some(change));
}

/// Does everything that a queue does.
async fn use_up(queue: &dyn Queue, clock: &ManualClock) -> Result<(), QueueError> {
    queue.ping().await?;
    queue.admit(UserId::LOCAL, Priority::Batch, 1).await?;
    assert!(queue.claim_refill().await?);
    queue.confirm_refill().await?;
    let [batch, interactive, later] =
        [Priority::Batch, Priority::Interactive, Priority::Batch].map(ticket);
    queue.offer(&[batch, batch, interactive]).await?;
    let due = clock.now() + SignedDuration::from_secs(10);
    queue.offer_later(&[(later, due), (later, due)]).await?;
    assert_eq!(tickets(&take(queue, "ana", 5).await), [interactive, batch]);

    clock.advance(SignedDuration::from_secs(30));
    let all = take(queue, "luis", 5).await;
    // Those that were handed out together are overdue together, in whichever order.
    assert_eq!(all.len(), 3);
    assert_eq!(tickets(&all)[2], later);
    queue.settle(&all).await?;
    let letter = DeadLetter {
        task: batch.task,
        reason: "WORKER_LOST",
        attempts: 5,
        time: clock.now(),
    };
    queue.bury(&letter).await?;
    let expected = Depth {
        dead: 1,
        ..Depth::default()
    };
    assert_eq!(queue.depth().await?, expected);
    is_heard(queue).await;
    Ok(())
}
