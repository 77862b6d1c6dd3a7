//! What is offered for later.

use jiff::Timestamp;
use pupila_queue::Priority::{Batch, Interactive};

use crate::{Bench, on_every_queue, tickets};

on_every_queue!(
    a_ticket_for_later_comes_in_its_time,
    a_worker_who_waits_gets_what_becomes_due,
    the_sooner_of_two_times_counts,
    what_is_offered_now_does_not_wait_for_its_time,
    what_waits_is_not_put_off,
    many_become_due_at_once,
    the_end_of_time_is_far_away,
);

async fn a_ticket_for_later_comes_in_its_time(bench: Bench) {
    let (soon, late) = (bench.any(), bench.any());
    bench.offer_in(20, late).await;
    bench.offer_in(10, soon).await;
    bench.nothing_comes().await;
    bench.pass(10);
    assert_eq!(tickets(&bench.take(5).await), [soon]);
    bench.pass(10);
    assert_eq!(tickets(&bench.take(5).await), [late]);
}

async fn a_worker_who_waits_gets_what_becomes_due(bench: Bench) {
    let ticket = bench.any();
    bench.offer_in(10, ticket).await;
    let (taken, ()) = tokio::join!(bench.take(1), async {
        tokio::task::yield_now().await;
        bench.pass(10);
    });
    assert_eq!(tickets(&taken), [ticket]);
}

async fn the_sooner_of_two_times_counts(bench: Bench) {
    let ticket = bench.any();
    bench.offer_in(20, ticket).await;
    bench.offer_in(5, ticket).await;
    bench.offer_in(30, ticket).await;
    bench.pass(5);
    let deliveries = bench.take(5).await;
    assert_eq!(tickets(&deliveries), [ticket]);
    bench.settle(&deliveries).await;
    bench.pass(60);
    bench.nothing_comes().await;
}

async fn what_is_offered_now_does_not_wait_for_its_time(bench: Bench) {
    let ticket = bench.any();
    bench.offer_in(60, ticket).await;
    bench.offer(&[ticket]).await;
    let deliveries = bench.take(5).await;
    assert_eq!(tickets(&deliveries), [ticket]);
    bench.settle(&deliveries).await;
    bench.pass(60);
    bench.nothing_comes().await;
}

async fn what_waits_is_not_put_off(bench: Bench) {
    let ticket = bench.any();
    bench.offer(&[ticket]).await;
    bench.offer_in(60, ticket).await;
    assert_eq!(bench.take_one().await, ticket);
}

async fn many_become_due_at_once(bench: Bench) {
    let due = Timestamp::UNIX_EPOCH;
    let batch = bench.tickets(300, bench.user(), Batch);
    let interactive = bench.tickets(300, bench.user(), Interactive);
    let all = batch.iter().chain(&interactive);
    let all: Vec<_> = all.map(|&ticket| (ticket, due)).collect();
    bench.queue.offer_later(&all).await.expect("offered");
    let mut taken = 0;
    while taken < 600 {
        let deliveries = bench.take(64).await;
        bench.settle(&deliveries).await;
        taken += deliveries.len();
    }
    assert_eq!(taken, 600);
    bench.nothing_comes().await;
}

async fn the_end_of_time_is_far_away(bench: Bench) {
    let ticket = (bench.any(), Timestamp::MAX);
    bench.queue.offer_later(&[ticket]).await.expect("offered");
    bench.nothing_comes().await;
}
