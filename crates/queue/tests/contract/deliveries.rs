//! What is handed out arrives, at least once.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::FutureExt as _;
use pupila_queue::{Depth, Priority::Batch};
use tokio::{task::JoinSet, time};

use crate::{Bench, PATIENCE, on_every_queue, tickets, worker};

on_every_queue!(
    a_worker_who_waits_is_woken,
    what_a_worker_is_silent_about_goes_to_another,
    what_goes_to_another_keeps_its_receipt,
    a_settled_delivery_never_comes_again,
    settling_too_often_or_too_much_does_no_harm,
    a_worker_who_stops_waiting_takes_nothing_along,
    two_workers_share_a_thousand_tickets,
);

async fn a_worker_who_waits_is_woken(bench: Bench) {
    let bench = Arc::new(bench);
    // Workers look by themselves too, but not that soon. On a busy machine neither is quick each time.
    for _ in 0..10 {
        let ticket = bench.any();
        let waiting = tokio::spawn({
            let bench = bench.clone();
            async move { bench.take(1).await }
        });
        bench.nothing_comes().await;
        let offered = time::Instant::now();
        bench.offer(&[ticket]).await;
        assert_eq!(tickets(&waiting.await.expect("taken")), [ticket]);
        if offered.elapsed() < Duration::from_millis(500) {
            return;
        }
    }
    panic!("nobody is woken");
}

async fn what_a_worker_is_silent_about_goes_to_another(bench: Bench) {
    let ticket = bench.any();
    bench.offer(&[ticket]).await;
    assert_eq!(bench.take_one().await, ticket);
    bench.pass(29);
    bench.nothing_comes().await;
    bench.pass(1);
    for _ in 0..3 {
        let (luis, queue) = (worker("luis"), &bench.queue);
        let taken = time::timeout(PATIENCE, queue.take(&luis, 5)).await;
        let taken = taken.expect("it comes").expect("taken");
        assert_eq!(tickets(&taken), [ticket]);
        bench.nothing_comes().await;
        bench.pass(30);
    }
}

async fn what_goes_to_another_keeps_its_receipt(bench: Bench) {
    bench.offer(&[bench.any()]).await;
    let first = bench.take(1).await;
    bench.pass(30);
    assert_eq!(bench.take(1).await, first);
    // So the first may settle what the second was handed: history knows of it.
    bench.settle(&first).await;
    bench.pass(30);
    bench.nothing_comes().await;
}

async fn a_settled_delivery_never_comes_again(bench: Bench) {
    bench.offer(&bench.tickets(3, bench.user(), Batch)).await;
    let deliveries = bench.take(3).await;
    bench.settle(&deliveries[..2]).await;
    bench.pass(30);
    assert_eq!(bench.take(3).await, deliveries[2..]);
}

async fn settling_too_often_or_too_much_does_no_harm(bench: Bench) {
    bench.offer(&[bench.any()]).await;
    let deliveries = bench.take(1).await;
    let [mut unknown, mut foreign] = [(); 2].map(|()| deliveries[0].clone());
    unknown.ticket = bench.any();
    foreign.receipt = "0-1".to_owned();
    bench.settle(&[unknown, foreign]).await;
    bench.pass(30);
    assert_eq!(bench.take(1).await, deliveries, "it is unsettled");
    bench
        .settle(&[deliveries.clone(), deliveries.clone()].concat())
        .await;
    bench.settle(&deliveries).await;
    assert_eq!(bench.queue.depth().await.expect("known").unsettled, 0);
}

async fn a_worker_who_stops_waiting_takes_nothing_along(bench: Bench) {
    for _ in 0..10 {
        let name = worker("ana");
        assert!(bench.queue.take(&name, 1).now_or_never().is_none());
    }
    let ticket = bench.any();
    bench.offer(&[ticket]).await;
    assert_eq!(bench.take_one().await, ticket);
}

async fn two_workers_share_a_thousand_tickets(bench: Bench) {
    let offered = bench.tickets(1_000, bench.user(), Batch);
    bench.offer(&offered).await;
    let taken = Arc::new(Mutex::new(Vec::new()));
    let mut workers = JoinSet::new();
    for name in ["ana", "luis"] {
        let (queue, taken) = (bench.queue.clone(), taken.clone());
        workers.spawn(async move {
            loop {
                let deliveries = queue.take(&worker(name), 7).await.expect("taken");
                taken.lock().expect("no panic").extend(tickets(&deliveries));
                queue.settle(&deliveries).await.expect("settled");
            }
        });
    }
    let all_are_settled = async {
        while bench.queue.depth().await.expect("known") != Depth::default() {
            tokio::task::yield_now().await;
        }
    };
    let settled = time::timeout(PATIENCE, all_are_settled).await;
    settled.expect("they end");
    let taken = taken.lock().expect("no panic");
    assert_eq!(taken.len(), 1_000);
    assert_eq!(taken.iter().collect::<HashSet<_>>().len(), 1_000);
}
