//! What is in Redis that we did not write, or not so.

use std::sync::Arc;

use jiff::SignedDuration;
use pupila_core::ManualClock;
use pupila_queue::{Depth, Priority::Batch, Queue, Ticket};

use crate::{clock, server::Server, take, ticket, tickets};

/// A queue with garbage of each kind, all of which is due.
async fn littered(ticket: &Ticket) -> (Server, Arc<ManualClock>, Arc<dyn Queue>) {
    let (server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    let Ticket { task, owner, .. } = ticket;
    let beyond = "99999999999999999999999-0/1";
    for line in [
        format!("HSET {{pupila}}:tasks {task} b"),
        format!(
            "HSET {{pupila}}:counts i many b -1 turn nan offers {}",
            u64::MAX
        ),
        format!("XADD {{pupila}}:b:{owner} * no task"),
        format!("XADD {{pupila}}:b:{owner} * task {task} offer x"),
        format!("XADD {{pupila}}:b:{owner} * task x offer 1"),
        format!("XADD {{pupila}}:b:nobody * task {task} offer 1"),
        format!("ZADD {{pupila}}:ring:b -1 nobody -2 {owner} -3 {owner}x"),
        format!("ZADD {{pupila}}:delayed 0 {task} 0 x"),
        format!("ZADD {{pupila}}:unsettled 0 {task} 0 x 0 {task}b{owner}"),
        format!("ZADD {{pupila}}:unsettled 0 {task}b{owner}1-1/1 0 {task}b{owner}{beyond}"),
    ] {
        server.say::<()>(&line);
    }
    (server, clock, queue)
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_of_one_task_holds_up_no_other() {
    let (broken, others) = (ticket(Batch), ticket(Batch));
    let (_server, _, queue) = littered(&broken).await;
    queue.offer(&[others]).await.expect("offered");
    assert_eq!(tickets(&take(&*queue, "ana", 1).await), [others]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_with_a_broken_record_comes_when_it_is_offered_again() {
    let broken = ticket(Batch);
    let (server, clock, queue) = littered(&broken).await;
    queue.offer(&[broken]).await.expect("offered");
    let mut taken = take(&*queue, "ana", 5).await;
    assert_eq!(tickets(&taken), [broken]);

    let offer = format!("HSET {{pupila}}:tasks {} x", broken.task);
    assert_eq!(server.say::<u32>(&offer), 0, "it is there");
    queue.settle(&taken).await.expect("it is no longer known");
    let now = [(broken, pupila_core::Clock::now(&*clock))];
    queue.offer_later(&now).await.expect("offered");
    taken = take(&*queue, "ana", 5).await;
    assert_eq!(tickets(&taken), [broken]);
    queue.settle(&taken).await.expect("settled");

    clock.advance(SignedDuration::from_secs(60));
    let others = ticket(Batch);
    queue.offer(&[others]).await.expect("offered");
    let taken = take(&*queue, "ana", 5).await;
    assert_eq!(tickets(&taken), [others]);
    queue.settle(&taken).await.expect("settled");
    assert_eq!(queue.depth().await.expect("known"), Depth::default());
    let left: Vec<String> = server.say("KEYS {pupila}:*");
    assert!(
        left.iter()
            .all(|key| !key.contains(&broken.owner.to_string())),
        "{left:?}"
    );
}
