//! The end of a worker.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    harness::TestWorker,
    history::{is_done, is_given_back},
    runner::Act,
};
use pupila_proto::history::v1::finished_task::Outcome;

const GRACE: Duration = Duration::from_secs(20);

#[tokio::test(start_paused = true)]
async fn who_is_told_to_stop_ends_what_is_begun_and_takes_nothing_more() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Take(GRACE / 2));
    worker.offer(&[task]).await;
    worker.runner.begun(1).await;
    worker.tell_to_stop();
    worker.submit().await;
    let start = Instant::now();
    let finished = worker.stopped().await;
    assert!(start.elapsed() < GRACE);
    assert_eq!(finished.len(), 1);
    assert!(is_done(&finished[0]));
}

#[tokio::test(start_paused = true)]
async fn what_takes_longer_than_the_grace_is_given_back_at_once() {
    let worker = TestWorker::start().await;
    let tasks = [worker.task(), worker.task()];
    worker.runner.on(&tasks[0].to_string(), Act::Hang);
    worker
        .runner
        .on(&tasks[1].to_string(), Act::Take(GRACE / 4));
    worker.offer(&tasks).await;
    worker.runner.begun(2).await;
    let start = Instant::now();
    let finished = worker.stopped().await;
    assert!(start.elapsed() < GRACE + Duration::from_secs(1));
    assert!(is_done(&finished[0]));
    let Some(Outcome::GivenBack(told)) = &finished[1].outcome else {
        panic!("{finished:?}")
    };
    assert_eq!(told.delay, None, "somebody else may have it at once");
}

#[tokio::test(start_paused = true)]
async fn an_idle_worker_stops_at_once() {
    let worker = TestWorker::start().await;
    worker
        .history
        .until(|state| !state.renewals.is_empty())
        .await;
    let start = Instant::now();
    assert!(worker.stopped().await.is_empty());
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_worker_stops_although_nobody_listens() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Hang);
    worker.offer(&[task]).await;
    worker.runner.begun(1).await;
    worker.history.go_away();
    worker.queue.go_away();
    worker.accounts.go_away();
    let start = Instant::now();
    assert!(worker.stopped().await.is_empty());
    assert!(
        start.elapsed() < Duration::from_secs(25),
        "it would be killed"
    );
}

#[tokio::test(start_paused = true)]
async fn the_grace_begins_with_the_stop_whatever_is_asked_for_then() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Hang);
    worker.offer(&[task]).await;
    worker.runner.begun(1).await;
    worker.history.hold_takes();
    worker.submit().await;
    worker.history.until(|state| state.takes.len() == 2).await;
    let start = Instant::now();
    let finished = worker.stopped().await;
    assert!(start.elapsed() < GRACE + Duration::from_secs(1));
    assert_eq!(finished.len(), 1);
    assert!(is_given_back(&finished[0]));
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_hangs_does_not_keep_a_worker_alive() {
    let worker = TestWorker::start().await;
    worker.queue.hold_settling();
    worker.submit().await;
    worker.history.until(|state| !state.takes.is_empty()).await;
    let start = Instant::now();
    worker.stopped().await;
    assert!(
        start.elapsed() < Duration::from_secs(25),
        "it would be killed"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_while_it_was_told_to_stop_is_not_forgotten() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Hang);
    worker.offer(&[task]).await;
    worker.history.until(|state| !state.takes.is_empty()).await;
    let finished = worker.stopped().await;
    assert_eq!(finished.len(), 1);
    assert!(is_given_back(&finished[0]));
}
