//! Telling how tasks went.

use std::collections::HashSet;

use crate::{
    harness::TestWorker,
    history::{LEASE, is_done},
    runner::Act,
};

#[tokio::test]
async fn what_ends_while_a_report_is_on_its_way_goes_into_the_next() {
    let worker = TestWorker::configured(|config| config.concurrency = 100).await;
    worker.history.hold_reports();
    worker.submit().await;
    worker.history.until(|state| state.reports == [1]).await;
    let tasks: Vec<_> = (0..100).map(|_| worker.task()).collect();
    worker.offer(&tasks).await;
    worker.runner.begun(101).await;
    worker.history.answer_reports();
    worker.history.finished(101).await;
    assert_eq!(worker.history.state().reports, [1, 100]);
}

#[tokio::test(start_paused = true)]
async fn a_report_is_repeated_until_history_has_it() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Wait);
    worker.offer(&[task]).await;
    worker.runner.begun(1).await;
    worker.history.go_away();
    worker.runner.let_go(1);
    worker.history.until(|state| state.in_vain >= 20).await;
    worker.history.come_back();
    let finished = worker.history.finished(1).await;
    assert!(is_done(&finished[0]));
    worker.submit().await;
    assert_eq!(worker.history.finished(2).await.len(), 2, "each once");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_refused_costs_the_others_nothing() {
    let worker = TestWorker::configured(|config| config.concurrency = 10).await;
    worker.history.hold_reports();
    worker.submit().await;
    worker.history.until(|state| state.reports == [1]).await;
    let tasks: Vec<_> = (0..10).map(|_| worker.task()).collect();
    worker.history.refuse(&tasks[3].to_string());
    worker.offer(&tasks).await;
    worker.runner.begun(11).await;
    worker.history.answer_reports();
    let finished = worker.history.finished(10).await;
    let told: HashSet<_> = finished
        .iter()
        .map(|finished| finished.task.clone().expect("named").task_id)
        .collect();
    assert!(!told.contains(&tasks[3].to_string()));
    assert_eq!(told.len(), 10);
}

#[tokio::test(start_paused = true)]
async fn while_nothing_can_be_reported_not_everything_is_taken() {
    let worker = TestWorker::configured(|config| config.concurrency = 1000).await;
    worker.history.hold_reports();
    let tasks: Vec<_> = (0..1500).map(|_| worker.task()).collect();
    worker.offer(&tasks).await;
    worker.runner.begun(1000).await;
    tokio::time::sleep(LEASE).await;
    assert_eq!(worker.runner.attempts(), 1000);
    worker.history.answer_reports();
    worker.history.finished(1500).await;
}
