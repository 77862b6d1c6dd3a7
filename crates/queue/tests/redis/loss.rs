//! Redis loses something.

use jiff::SignedDuration;
use pupila_core::Clock as _;
use pupila_queue::{Priority::Batch, Priority::Interactive, WorkerName};
use tokio::time;

use crate::{PATIENCE, clock, server::Server, take, ticket, tickets};

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_lost_everything_says_so_and_goes_on() {
    let (server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    let other = server.queue(&clock).await;
    assert!(queue.claim_refill().await.expect("known"));
    let all = [Batch, Batch, Interactive].map(ticket);
    queue.offer(&all).await.expect("offered");
    let before = take(&*queue, "ana", 1).await;

    server.say::<()>("FLUSHALL");
    assert!(other.claim_refill().await.expect("known"));
    assert!(!queue.claim_refill().await.expect("another was told"));
    queue.settle(&before).await.expect("nothing to do");
    other.offer(&all).await.expect("offered");
    let after = take(&*queue, "ana", 9).await;
    assert_eq!(tickets(&after), [all[2], all[0], all[1]]);
    queue.settle(&after).await.expect("settled");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_refill_an_emptied_redis_leaves_it_to_another() {
    let (server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    assert!(queue.claim_refill().await.expect("known"));
    let seconds_left = || server.say::<i64>("TTL {pupila}:marker");
    assert!((1..=60).contains(&seconds_left()));
    queue.confirm_refill().await.expect("told");
    assert_eq!(seconds_left(), -1, "it stays");

    assert!(!queue.claim_refill().await.expect("known"));
    server.say::<()>("FLUSHALL");
    queue.confirm_refill().await.expect("too late");
    assert!(queue.claim_refill().await.expect("it was lost again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_does_the_last_refill_confirms_it() {
    let (server, clock) = (Server::start(), clock());
    let (slow, dead) = (server.queue(&clock).await, server.queue(&clock).await);
    assert!(slow.claim_refill().await.expect("known"));
    server.say::<()>("FLUSHALL");
    assert!(dead.claim_refill().await.expect("known"));
    slow.confirm_refill().await.expect("of what was lost since");
    let seconds_left: i64 = server.say("TTL {pupila}:marker");
    assert!((1..=60).contains(&seconds_left), "another is told soon");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_waits_on_while_redis_loses_everything() {
    let (server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    let worker = WorkerName::new("ana");
    let mut waiting = queue.take(&worker, 1);
    let early = time::timeout(crate::MOMENT, &mut waiting).await;
    assert!(early.is_err(), "{early:?}");
    server.say::<()>("FLUSHALL");
    server.say::<()>("SCRIPT FLUSH");
    let late = ticket(Batch);
    queue.offer(&[late]).await.expect("offered");
    let taken = time::timeout(PATIENCE, waiting).await.expect("it comes");
    assert_eq!(tickets(&taken.expect("taken")), [late]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_was_lost_stops_nobody_else() {
    let (server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    let (lost, others) = (ticket(Batch), ticket(Batch));
    queue.offer(&[lost]).await.expect("offered");
    let unsettled = take(&*queue, "ana", 1).await;
    server.say::<()>(&format!("DEL {{pupila}}:b:{}", lost.owner));
    let due = clock.now() + SignedDuration::from_secs(300);
    let later = [(lost, due)];
    queue.offer_later(&later).await.expect("offered");

    // Nobody is silent about it: it is delayed.
    clock.advance(SignedDuration::from_secs(30));
    queue.offer(&[others]).await.expect("offered");
    assert_eq!(tickets(&take(&*queue, "luis", 5).await), [others]);
    queue.settle(&unsettled).await.expect("much too late");
    clock.advance(SignedDuration::from_secs(270));
    let taken = tickets(&take(&*queue, "luis", 5).await);
    assert!(taken.contains(&lost), "{taken:?}");
}

/// Redis throws single keys away where it is told to make room so, or somebody deletes them.
#[tokio::test(flavor = "multi_thread")]
async fn no_task_is_stuck_for_a_key_that_was_lost() {
    let clock = clock();
    let [waiting, unsettled, delayed] = [Batch, Batch, Batch].map(ticket);
    let streams = [waiting, unsettled].map(|ticket| format!(":b:{}", ticket.owner));
    let keys = [":tasks", ":counts", ":ring:b", ":delayed", ":unsettled"];
    for key in keys.into_iter().chain(streams.iter().map(String::as_str)) {
        let server = Server::start();
        let queue = server.queue(&clock).await;
        queue.offer(&[unsettled]).await.expect("offered");
        take(&*queue, "dead", 1).await;
        queue.offer(&[waiting]).await.expect("offered");
        let due = clock.now() + SignedDuration::from_secs(60);
        queue.offer_later(&[(delayed, due)]).await.expect("offered");

        let lost: u32 = server.say(&format!("DEL {{pupila}}{key}"));
        assert_eq!(lost, 1, "{key}");
        // As history does with all that waits there.
        let all = [waiting, unsettled, delayed];
        queue.offer(&all).await.expect("offered");
        clock.advance(SignedDuration::from_secs(60));
        let mut taken = Vec::new();
        while !all.iter().all(|ticket| taken.contains(ticket)) {
            let deliveries = take(&*queue, "ana", 5).await;
            queue.settle(&deliveries).await.expect("settled");
            taken.extend(tickets(&deliveries));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_somebody_deleted_is_made_again() {
    let (server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    let ticket = ticket(Batch);
    queue.offer(&[ticket]).await.expect("offered");
    let group = format!("XGROUP DESTROY {{pupila}}:b:{} workers", ticket.owner);
    assert_eq!(server.say::<u32>(&group), 1);
    assert_eq!(tickets(&take(&*queue, "ana", 2).await), [ticket]);

    // Nobody has a turn any more, and nothing is offered again.
    assert_eq!(server.say::<u32>(&group), 1);
    clock.advance(SignedDuration::from_secs(30));
    assert_eq!(tickets(&take(&*queue, "luis", 2).await), [ticket]);
}
