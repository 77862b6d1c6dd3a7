//! The numbers of what waits, of which some was lost.

use pupila_queue::{Priority::Batch, Priority::Interactive, Queue, Ticket};

use crate::{clock, server::Server, take, ticket, tickets};

async fn waiting(queue: &dyn Queue) -> (u64, u64) {
    let depth = queue.depth().await.expect("known");
    (depth.interactive, depth.batch)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_counted_anew() {
    let (server, clock) = (Server::start(), clock());
    let queue = &*server.queue(&clock).await;
    let batch = [(); 4].map(|()| ticket(Batch));
    let urgent = ticket(Interactive);
    queue.offer(&batch[..3]).await.expect("offered");
    queue.offer(&[urgent]).await.expect("offered");
    server.say::<()>("DEL {pupila}:counts");
    queue.offer(&batch[3..]).await.expect("offered");
    assert_eq!(waiting(queue).await, (1, 4), "the numbers were lost");

    server.say::<()>("DEL {pupila}:ring:b");
    assert_eq!(tickets(&take(queue, "ana", 1).await), [urgent]);
    queue.offer(&batch[1..]).await.expect("offered");
    assert_eq!(waiting(queue).await, (0, 3), "the turns were lost");

    let stream = format!("DEL {{pupila}}:b:{}", batch[1].owner);
    server.say::<()>(&stream);
    assert_eq!(tickets(&take(queue, "ana", 1).await), [batch[2]]);
    assert_eq!(waiting(queue).await, (0, 1), "a stream was lost");
    server.say::<()>(&format!("DEL {{pupila}}:b:{}", batch[3].owner));
    queue.offer(&batch[3..]).await.expect("offered");
    assert_eq!(waiting(queue).await, (0, 1), "and offered again");
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_do_not_starve_after_a_loss() {
    let (server, clock) = (Server::start(), clock());
    let queue = &*server.queue(&clock).await;
    let batch = ticket(Batch);
    queue.offer(&[batch]).await.expect("offered");
    server.say::<()>("DEL {pupila}:counts");
    let mut taken = Vec::new();
    for _ in 0..8 {
        // There is always somebody who cannot wait.
        let urgent = [Interactive, Interactive].map(ticket);
        queue.offer(&urgent).await.expect("offered");
        taken.extend(tickets(&take(queue, "ana", 1).await));
    }
    assert_eq!(taken[7], batch);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_loses_their_turn_with_the_numbers() {
    let (server, clock) = (Server::start(), clock());
    let queue = &*server.queue(&clock).await;
    let [ana, luis, eva] = [(); 3].map(|()| ticket(Batch));
    let another = Ticket {
        task: ticket(Batch).task,
        ..ana
    };
    queue.offer(&[ana, luis, another]).await.expect("offered");
    assert_eq!(tickets(&take(queue, "ana", 1).await), [ana]);
    server.say::<()>("DEL {pupila}:counts");
    queue.offer(&[eva]).await.expect("offered");
    let taken = take(queue, "ana", 3).await;
    assert_eq!(tickets(&taken), [luis, another, eva]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lost_fills_no_queue() {
    let (server, clock) = (Server::start(), clock());
    let queue = &*server.queue(&clock).await;
    let lost = [(); 3].map(|()| ticket(Batch));
    queue.offer(&lost).await.expect("offered");
    for ticket in lost {
        server.say::<()>(&format!("DEL {{pupila}}:b:{}", ticket.owner));
    }
    let others = ticket(Batch);
    queue.offer(&[others]).await.expect("offered");
    let taken = take(queue, "ana", 1).await;
    queue.settle(&taken).await.expect("settled");
    let records: u32 = server.say("HLEN {pupila}:tasks");
    assert_eq!(records, 3, "nobody offers them again");
    let most = server.config().max_waiting / 10 * 9;
    let admitted = queue.admit(others.owner, Batch, most).await;
    admitted.expect("there is room");
}
