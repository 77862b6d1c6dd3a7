//! What becomes of tasks.

use std::time::Duration;

use crate::{
    harness::TestWorker,
    history::{failure, is_done, is_given_back},
    runner::Act,
};
use pupila_core::ErrorCode;
use pupila_proto::history::v1::finished_task::Outcome as Told;
use pupila_worker::Outcome;

#[tokio::test]
async fn a_task_is_taken_worked_on_and_reported() {
    let worker = TestWorker::start().await;
    let task = worker.submit().await;
    let finished = worker.history.finished(1).await;
    assert!(is_done(&finished[0]));
    assert_eq!(finished[0].task.as_ref().expect("named").task_id, task);
}

#[tokio::test]
async fn a_ticket_of_a_task_that_is_gone_does_no_harm() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.history.state().forget(&task.to_string());
    worker.offer(&[task]).await;
    worker.submit().await;
    assert!(is_done(&worker.history.finished(1).await[0]));
    assert_eq!(worker.runner.attempts(), 1);
}

#[tokio::test]
async fn no_more_run_at_once_than_there_is_room_for() {
    let worker = TestWorker::start().await;
    let tasks: Vec<_> = (0..20).map(|_| worker.task()).collect();
    for task in &tasks {
        worker.runner.on(&task.to_string(), Act::Wait);
    }
    worker.offer(&tasks).await;
    worker.runner.begun(4).await;
    worker.runner.let_go(tasks.len());
    let finished = worker.history.finished(tasks.len()).await;
    assert!(finished.iter().all(is_done));
    assert_eq!(worker.runner.most_at_once(), 4);
    assert!(worker.history.state().takes.iter().all(|count| *count <= 4));
}

#[tokio::test]
async fn a_task_that_panics_is_a_failure_and_the_worker_goes_on() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Panic);
    worker.offer(&[task]).await;
    let finished = worker.history.finished(1).await;
    assert_eq!(failure(&finished[0]), ("WORKER_FAILED".to_owned(), true));
    worker.submit().await;
    assert!(is_done(&worker.history.finished(2).await[1]));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_takes_too_long_may_be_tried_again() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    worker.runner.on(&task.to_string(), Act::Hang);
    worker.offer(&[task]).await;
    let finished = worker.history.finished(1).await;
    assert_eq!(failure(&finished[0]), ("TASK_TIMED_OUT".to_owned(), true));
    let renewals = worker.history.state().renewals.len();
    assert!(
        renewals >= 600 / 10,
        "it was the worker's all the time: {renewals}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_task_that_waits_for_its_turn_takes_no_time() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    let longer = Duration::from_secs(900);
    worker.runner.on(&task.to_string(), Act::Queue(longer));
    worker.offer(&[task]).await;
    assert!(is_done(&worker.history.finished(1).await[0]));
}

#[tokio::test]
async fn what_fails_is_told_with_its_reason() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    let refused = Outcome::refused(ErrorCode::Unprocessable, "IMAGE_UNREADABLE", "no image");
    worker.runner.on(&task.to_string(), Act::End(refused));
    worker.offer(&[task]).await;
    let finished = worker.history.finished(1).await;
    assert_eq!(
        failure(&finished[0]),
        ("IMAGE_UNREADABLE".to_owned(), false)
    );
}

#[tokio::test]
async fn what_is_postponed_is_given_back_and_holds_up_nothing_else() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    let delay = Duration::from_secs(3600);
    worker
        .runner
        .on(&task.to_string(), Act::End(Outcome::Postponed { delay }));
    worker.offer(&[task]).await;
    let finished = worker.history.finished(1).await;
    assert!(is_given_back(&finished[0]));
    let Some(Told::GivenBack(told)) = finished[0].outcome else {
        panic!("{finished:?}")
    };
    assert_eq!(told.delay.expect("a delay").seconds, 3600);
    worker.submit().await;
    assert!(is_done(&worker.history.finished(2).await[1]));
}

#[tokio::test]
async fn what_is_postponed_until_it_is_no_news_is_given_up() {
    let worker = TestWorker::start().await;
    let task = worker.task();
    let delay = Duration::from_secs(2);
    let given_up = Outcome::refused(ErrorCode::Unavailable, "DELIVERY_GIVEN_UP", "no news");
    let id = task.to_string();
    worker
        .runner
        .on(&id, Act::End(Outcome::Postponed { delay }));
    worker.runner.gives_up(&id, given_up);
    worker.offer(&[task]).await;
    let finished = worker.history.finished(1).await;
    assert_eq!(
        failure(&finished[0]),
        ("DELIVERY_GIVEN_UP".to_owned(), false)
    );
}
