//! Taking tasks.

use std::time::Duration;

use pupila_queue::Queue as _;

use crate::{harness::TestWorker, history::is_done};

#[tokio::test(start_paused = true)]
async fn a_task_that_history_cannot_hand_over_costs_the_others_nothing() {
    let worker = TestWorker::start().await;
    let tasks: Vec<_> = (0..4).map(|_| worker.task()).collect();
    let spoilt = tasks[1].to_string();
    worker.history.spoil(&spoilt);
    worker.offer(&tasks).await;
    let finished = worker.history.finished(3).await;
    assert!(finished.iter().all(is_done));

    worker.submit().await;
    assert!(is_done(&worker.history.finished(4).await[3]));
    assert_eq!(worker.queue.depth().await.expect("there").unsettled, 0);
    let takes = worker.history.state().takes.len();
    assert!(takes <= 3 + 3 + 3 + 1, "it was asked {takes} times");
}

#[tokio::test(start_paused = true)]
async fn the_queue_hears_that_a_ticket_arrived_before_the_task_may_come_back() {
    let worker = TestWorker::start().await;
    worker.queue.hold_settling();
    worker.submit().await;
    worker.history.until(|state| !state.takes.is_empty()).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(worker.runner.attempts(), 0);
    worker.queue.settle_again();
    assert!(is_done(&worker.history.finished(1).await[0]));
}

#[tokio::test(start_paused = true)]
async fn what_was_called_off_and_asked_for_again_before_its_ticket_was_settled_is_done() {
    let worker = TestWorker::start().await;
    worker.queue.hold_settling();
    let task = worker.task();
    worker.history.state().forget(&task.to_string());
    worker.offer(&[task]).await;
    worker.history.until(|state| !state.takes.is_empty()).await;
    worker.history.again(&task.to_string());
    worker.offer(&[task]).await;
    worker.queue.settle_again();
    assert!(is_done(&worker.history.finished(1).await[0]));
}
