//! The queue fills up, goes away, or forgets.

use std::time::Duration;

use pupila_core::ErrorCode;
use pupila_proto::history::v1::{self as proto, JobState};
use pupila_queue::QueueConfig;

use crate::{
    archives::zip,
    fixtures::{LUIS, TestJobs, done, failed, job_of},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_takes_no_more_jobs() {
    let config = QueueConfig {
        max_waiting: 3,
        max_waiting_per_owner: Some(3),
        ..QueueConfig::default()
    };
    let test = TestJobs::with_queue(&config).await;
    let keyed = proto::CreateJobRequest {
        idempotency_key: "k-1".to_owned(),
        ..job_of(2)
    };
    let first = test.create(keyed.clone()).await.expect("there is room");
    test.house.sweeper.settled().await;
    let error = test.create(job_of(2)).await.expect_err("no room");
    assert_eq!(error.code, ErrorCode::ResourceExhausted);
    assert_eq!(error.reason, "QUEUE_FULL");
    assert_eq!(error.retry_after, Some(Duration::from_secs(5)));
    let again = test.create(keyed).await.expect("it is there already");
    assert_eq!(again.id, first.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_fills_the_queue_alone() {
    let config = QueueConfig {
        max_waiting: 2_000,
        ..QueueConfig::default()
    };
    let test = TestJobs::with_queue(&config).await;
    test.create(job_of(150)).await.expect("there is room");
    test.house.sweeper.settled().await;
    // Nobody knows yet how much a ZIP brings.
    for request in [job_of(51), zip()] {
        let error = test.create(request).await.expect_err("her part");
        assert_eq!(error.reason, "QUEUE_FULL");
    }
    let his = test.create_for(LUIS, zip()).await;
    his.expect("he has nothing there");
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_become_rarer() {
    let test = TestJobs::sqlite().await;
    test.create(job_of(1)).await.expect("created");
    test.sweep().await;
    test.offered(1).await;
    let mut reminders = Vec::new();
    for minute in 1..=8 * 60 {
        test.pass(60);
        test.sweep().await;
        if test.waiting().await > 0 {
            test.offered(1).await;
            reminders.push(minute);
        }
    }
    let waits = reminders.windows(2).map(|pair| pair[1] - pair[0]);
    assert_eq!(reminders.first(), Some(&1));
    assert!((10..=14).contains(&reminders.len()), "{reminders:?}");
    assert!(waits.max() <= Some(76), "{reminders:?}");
}

async fn replicas_share_the_reminders(test: TestJobs) {
    let other = test.replica(&QueueConfig::default()).await;
    test.create(job_of(1_200)).await.expect("created");
    for replica in [&test, &other] {
        replica.sweep().await;
        replica.offered(1_200).await;
    }
    test.pass(60);
    tokio::join!(test.sweep(), other.sweep());
    assert_eq!(test.waiting().await + other.waiting().await, 1_200);
}

crate::on_every_engine!(replicas_share_the_reminders, what_is_not_told_is_told_again);

/// A row cannot be read while all that waits is offered again.
async fn what_is_not_told_is_told_again(test: TestJobs) {
    test.create(job_of(3)).await.expect("created");
    let forgetful = test.replica(&QueueConfig::default()).await;
    test.meddle("UPDATE tasks SET due_time = NULL WHERE position = 0")
        .await;
    let failed = forgetful.house.sweeper.sweep().await;
    failed.expect_err("waiting for nothing");
    assert_eq!(forgetful.waiting().await, 2);
    test.meddle("UPDATE tasks SET due_time = create_time").await;
    forgetful.sweep().await;
    assert_eq!(forgetful.waiting().await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_last_is_offered_before_the_end() {
    let test = TestJobs::sqlite().await;
    test.create(job_of(1_000)).await.expect("created");
    test.readiness.close().await;
    assert_eq!(test.waiting().await, 1_000);
}

/// A Redis that is not there.
fn nowhere() -> QueueConfig {
    QueueConfig::at("redis://127.0.0.1:1")
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_taken_in_while_the_queue_is_away() {
    let test = TestJobs::with_queue(&nowhere()).await;
    let job = test.create(job_of(2)).await.expect("taken in");
    let _ = test.house.sweeper.sweep().await;
    // It comes back, empty.
    let test = test.replica(&QueueConfig::default()).await;
    test.sweep().await;
    let taken = test.take_next("w-1", 2).await;
    test.finish(taken.iter().map(done).collect()).await;
    assert_eq!(test.job(&job.id).await.state(), JobState::Succeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_queue_forgot_is_offered_again() {
    let test = TestJobs::sqlite().await;
    // More than a batch, some of which is not due.
    test.create(job_of(1_100)).await.expect("created");
    let taken = test.take_next("w-1", 100).await;
    test.finish(taken.iter().map(|task| failed(task, true)).collect())
        .await;
    let forgetful = test.replica(&QueueConfig::default()).await;
    forgetful.sweep().await;
    let depth = forgetful.queue.depth().await.expect("a queue in memory");
    assert_eq!(depth.interactive + depth.batch + depth.delayed, 1_100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_lost_is_made_out_again_in_time() {
    let test = TestJobs::sqlite().await;
    test.create(job_of(1)).await.expect("created");
    // The first sweep offers all, because the queue is new.
    test.sweep().await;
    test.offered(1).await;
    test.pass(59);
    test.sweep().await;
    test.nothing_is_offered().await;
    test.pass(1);
    test.sweep().await;
    test.offered(1).await;
}
