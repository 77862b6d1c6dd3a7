//! Services that are away: nothing fails for it, and nobody is asked all the time.

use std::time::Duration;

use pupila_core::ErrorCode;
use pupila_queue::Queue as _;
use pupila_worker::{Outcome, Service};
use tokio::time::Instant;

use crate::{
    harness::TestWorker,
    history::{failure, is_done, is_given_back},
    runner::Act,
};

fn parked(seconds: u64) -> Act {
    Act::End(Outcome::Parked {
        service: Service::Inference,
        retry_after: Some(Duration::from_secs(seconds)),
    })
}

/// A worker for which inference is away for so long.
async fn without_inference(seconds: u64) -> TestWorker {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), parked(seconds));
    worker.offer(&[task]).await;
    worker.history.finished(1).await;
    worker
}

fn refused_after(service: Service) -> Act {
    let code = ErrorCode::Unprocessable;
    let refused = Outcome::refused_after(service, code, "IMAGE_UNREADABLE", "no image");
    Act::End(refused)
}

/// The services that history is told next that the worker waits for.
async fn waits_for(worker: &TestWorker) -> Vec<String> {
    let before = worker.history.state().renewals.len();
    worker
        .history
        .until(|state| state.renewals.len() > before)
        .await;
    worker.history.state().renewals[before].1.parked_by.clone()
}

#[tokio::test(start_paused = true)]
async fn what_needs_an_absent_service_is_given_back_untried() {
    let worker = without_inference(20).await;
    let tasks: Vec<_> = (0..5).map(|_| worker.task()).collect();
    worker.offer(&tasks).await;
    let finished = worker.history.finished(6).await;
    assert!(finished.iter().all(is_given_back));
    assert_eq!(worker.runner.attempts(), 1);

    tokio::time::sleep(Duration::from_secs(20)).await;
    worker.submit().await;
    assert!(is_done(&worker.history.finished(7).await[6]));
}

#[tokio::test(start_paused = true)]
async fn a_backlog_that_waits_for_a_service_does_not_go_round_and_round() {
    let worker = without_inference(300).await;
    let tasks: Vec<_> = (0..400).map(|_| worker.task()).collect();
    // In every batch there is sense in one.
    for task in tasks.iter().step_by(4) {
        worker.runner.free(&task.to_string());
    }
    let start = Instant::now();
    worker.offer(&tasks).await;
    let finished = worker.history.finished(401).await;
    let seconds = start.elapsed().as_secs();
    assert!((25..40).contains(&seconds), "it took {seconds} s");
    let done = finished.iter().filter(|task| is_done(task)).count();
    assert_eq!(done, 100);
}

#[tokio::test(start_paused = true)]
async fn who_needs_no_absent_service_does_not_wait_for_those_who_do() {
    let worker = without_inference(300).await;
    worker.submit().await;
    worker.history.finished(2).await;
    let task = worker.task();
    worker.runner.free(&task.to_string());
    let start = Instant::now();
    worker.offer(&[task]).await;
    assert!(is_done(&worker.history.finished(3).await[2]));
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn history_is_told_what_a_worker_waits_for() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), parked(20));
    worker.offer(&[task]).await;
    let waits = |parked_by: &[String]| parked_by.contains(&"inference".to_owned());
    let told = |state: &crate::history::State, is_parked| {
        let last = state.renewals.last();
        last.is_some_and(|(_, told)| waits(&told.parked_by) == is_parked)
    };
    worker.history.until(|state| told(state, true)).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    worker.submit().await;
    assert!(is_done(&worker.history.finished(2).await[1]));
    worker.history.until(|state| told(state, false)).await;
}

#[tokio::test(start_paused = true)]
async fn who_refuses_a_task_for_good_is_there_for_the_others() {
    let worker = without_inference(20).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    let task = worker.task();
    worker
        .runner
        .on(&task.to_string(), refused_after(Service::Inference));
    worker.offer(&[task]).await;
    worker.history.finished(2).await;
    worker.submit().await;
    assert!(is_done(&worker.history.finished(3).await[2]));
}

#[tokio::test(start_paused = true)]
async fn who_refuses_before_an_absent_service_was_asked_says_nothing_of_it() {
    let worker = without_inference(20).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    let task = worker.task();
    worker
        .runner
        .on(&task.to_string(), refused_after(Service::Images));
    worker.offer(&[task]).await;
    worker.history.finished(2).await;
    assert_eq!(waits_for(&worker).await, ["inference"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_given_up_for_an_absence_says_nothing_of_who_is_there() {
    let worker = without_inference(20).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    let task = worker.task();
    let given_up = Outcome::refused(ErrorCode::Unavailable, "DELIVERY_GIVEN_UP", "no news");
    worker.runner.on(&task.to_string(), Act::End(given_up));
    worker.offer(&[task]).await;
    worker.history.finished(2).await;
    assert_eq!(waits_for(&worker).await, ["inference"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_wait_any_more_is_given_up_untried() {
    let worker = without_inference(300).await;
    let task = worker.task();
    let given_up = Outcome::refused(ErrorCode::Unavailable, "DELIVERY_GIVEN_UP", "no news");
    worker.runner.gives_up(&task.to_string(), given_up);
    worker.offer(&[task]).await;
    let finished = worker.history.finished(2).await;
    assert_eq!(
        failure(&finished[1]),
        ("DELIVERY_GIVEN_UP".to_owned(), false)
    );
    assert_eq!(worker.runner.attempts(), 1, "only the one before it");
    assert_eq!(waits_for(&worker).await, ["inference"]);
}

#[tokio::test(start_paused = true)]
async fn tickets_wait_for_history() {
    let worker = TestWorker::start().await;
    worker.history.go_away();
    let tasks: Vec<_> = (0..4).map(|_| worker.task()).collect();
    worker.offer(&tasks).await;
    worker.history.until(|state| state.in_vain >= 10).await;
    assert_eq!(worker.runner.attempts(), 0);
    worker.history.come_back();
    assert!(worker.history.finished(4).await.iter().all(is_done));
}

#[tokio::test(start_paused = true)]
async fn a_worker_waits_for_the_queue() {
    let worker = TestWorker::start().await;
    worker.queue.go_away();
    worker.submit().await;
    tokio::time::sleep(Duration::from_secs(300)).await;
    let in_vain = worker.queue.in_vain();
    assert!((10..100).contains(&in_vain), "it asked {in_vain} times");
    worker.queue.come_back();
    let back = Instant::now();
    assert!(is_done(&worker.history.finished(1).await[0]));
    assert!(back.elapsed() < Duration::from_secs(2), "and no longer");
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_is_back_just_after_it_was_asked_is_not_waited_for() {
    let worker = TestWorker::start().await;
    // A pause may be short by chance.
    for round in 1..=5 {
        worker.queue.go_away();
        // Wakes who waits for tickets.
        worker.submit().await;
        worker.queue.was_in_vain(worker.queue.in_vain() + 10).await;
        worker.queue.come_back();
        let back = Instant::now();
        worker.submit().await;
        assert!(worker.history.finished(2 * round).await.iter().all(is_done));
        assert!(back.elapsed() < Duration::from_secs(2), "round {round}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_accounts_does_not_let_in_waits() {
    let worker = TestWorker::start().await;
    worker.accounts.go_away();
    worker.submit().await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    let depth = worker.queue.depth().await.expect("there");
    assert_eq!((depth.batch, depth.unsettled), (1, 0), "others may have it");
    worker.accounts.come_back();
    assert!(is_done(&worker.history.finished(1).await[0]));
}

#[tokio::test]
async fn a_worker_that_accounts_does_not_let_in_is_not_ready() {
    let worker = TestWorker::start().await;
    worker.accounts.go_away();
    let readiness = worker.readiness().await;
    let missing = readiness.ready().await.expect_err("not let in");
    assert!(missing.starts_with("accounts "), "{missing}");
    worker.accounts.come_back();
    assert_eq!(readiness.ready().await, Ok(()));
    worker.queue.go_away();
    readiness.ready().await.expect_err("no queue");
}
