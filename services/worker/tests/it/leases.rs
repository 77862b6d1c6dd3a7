//! Keeping leases, and losing them.

use std::time::Duration;

use crate::{
    harness::TestWorker,
    history::{LEASE, is_done},
    runner::Act,
};

#[tokio::test(start_paused = true)]
async fn leases_are_renewed_three_times_a_lease() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Take(2 * LEASE));
    worker.offer(&[task]).await;
    assert!(is_done(&worker.history.finished(1).await[0]));

    let state = worker.history.state();
    let with_task = state
        .renewals
        .iter()
        .filter(|(_, told)| !told.tasks.is_empty());
    assert!(with_task.clone().count() >= 6);
    let times: Vec<_> = state.renewals.iter().map(|(time, _)| *time).collect();
    let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max();
    assert!(longest.expect("several") <= LEASE / 3 + Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn an_idle_worker_tells_that_it_lives() {
    let worker = TestWorker::start().await;
    worker
        .history
        .until(|state| state.renewals.len() >= 3)
        .await;
    let state = worker.history.state();
    let (_, told) = &state.renewals[2];
    assert_eq!((&*told.worker, told.capacity), ("test-1", 4));
    assert!(told.tasks.is_empty() && told.parked_by.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_cancelled_is_stopped_and_not_reported() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Hang);
    worker.offer(&[task]).await;
    worker.runner.begun(1).await;
    worker.history.cancel(&task.to_string());
    worker.runner.dropped(1).await;

    worker.submit().await;
    assert!(is_done(&worker.history.finished(1).await[0]));
    let finished = worker.stopped().await;
    assert_eq!(finished.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn leases_are_kept_while_the_queue_is_away() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Take(3 * LEASE));
    worker.offer(&[task]).await;
    worker.runner.begun(1).await;
    worker.queue.go_away();
    assert!(is_done(&worker.history.finished(1).await[0]));
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_kept_until_its_report_is_written_down() {
    let worker = TestWorker::start().await;
    worker.history.hold_reports();
    let task = worker.submit().await;
    worker
        .history
        .until(|state| !state.reports.is_empty())
        .await;
    let before = worker.history.state().renewals.len();
    worker
        .history
        .until(|state| state.renewals.len() > before)
        .await;
    let renewed = worker.history.state().renewals[before].1.tasks.clone();
    assert_eq!(renewed.len(), 1);
    assert_eq!(renewed[0].task_id, task);

    worker.history.answer_reports();
    worker.history.finished(1).await;
    let before = worker.history.state().renewals.len();
    worker
        .history
        .until(|state| state.renewals.len() > before + 1)
        .await;
    let state = worker.history.state();
    assert!(state.renewals.last().expect("one").1.tasks.is_empty());
}
