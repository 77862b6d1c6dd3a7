//! What is said about the queue and through it.

use std::future::ready;

use futures_util::{StreamExt as _, stream::BoxStream};
use pupila_core::{Clock as _, JobId};
use pupila_queue::{Change, DeadLetter};
use tokio::time;

use crate::{Bench, MOMENT, PATIENCE, on_every_queue};

on_every_queue!(
    everybody_who_watches_hears_every_change,
    who_stopped_watching_is_no_hindrance,
    only_the_first_is_told_that_it_was_emptied,
    a_task_that_was_given_up_is_written_down,
    an_open_queue_answers,
);

fn change(bench: &Bench) -> Change {
    Change {
        job: JobId::new(bench.clock.now()),
        owner: bench.user(),
    }
}

/// A watcher of whom it is certain that it hears.
async fn watcher(bench: &Bench) -> BoxStream<'static, Change> {
    let mut changes = bench.queue.changes();
    let last = change(bench);
    loop {
        bench.queue.announce(&[last]).await.expect("announced");
        if let Ok(heard) = time::timeout(MOMENT, changes.next()).await {
            assert_eq!(heard, Some(last));
            return changes;
        }
    }
}

async fn everybody_who_watches_hears_every_change(bench: Bench) {
    let watchers = [watcher(&bench).await, watcher(&bench).await];
    let said: Vec<_> = (0..20).map(|_| change(&bench)).collect();
    bench.queue.announce(&said[..1]).await.expect("announced");
    bench.queue.announce(&said[1..]).await.expect("announced");
    for changes in watchers {
        // What was announced before may still be on its way.
        let heard = changes.filter(|change| ready(said.contains(change)));
        let heard = heard.take(said.len()).collect::<Vec<_>>();
        let heard = time::timeout(PATIENCE, heard).await;
        assert_eq!(heard.expect("heard"), said);
    }
}

async fn who_stopped_watching_is_no_hindrance(bench: Bench) {
    let lazy = watcher(&bench).await;
    let busy: Vec<_> = (0..3_000).map(|_| change(&bench)).collect();
    bench.queue.announce(&busy).await.expect("announced");
    drop(lazy);
    bench.queue.announce(&busy).await.expect("announced");
}

async fn only_the_first_is_told_that_it_was_emptied(bench: Bench) {
    assert!(bench.queue.claim_refill().await.expect("known"));
    bench.queue.confirm_refill().await.expect("told");
    for _ in 0..3 {
        assert!(!bench.queue.claim_refill().await.expect("known"));
    }
}

async fn a_task_that_was_given_up_is_written_down(bench: Bench) {
    let letter = DeadLetter {
        task: bench.any().task,
        reason: "WORKER_LOST",
        attempts: 5,
        time: bench.clock.now(),
    };
    bench.queue.bury(&letter).await.expect("buried");
    assert_eq!(bench.queue.depth().await.expect("known").dead, 1);
    for _ in 0..1_000 {
        bench.queue.bury(&letter).await.expect("buried");
    }
    // The oldest make room.
    assert_eq!(bench.queue.depth().await.expect("known").dead, 1_000);
}

async fn an_open_queue_answers(bench: Bench) {
    bench.queue.ping().await.expect("it answers");
}
