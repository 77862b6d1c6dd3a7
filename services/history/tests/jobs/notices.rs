//! Telling that a job ended.

use pupila_proto::history::v1::{self as proto, JobState, finished_task::Outcome, task::Work};
use pupila_queue::QueueConfig;

use crate::fixtures::{TestJobs, done, failed, job_of, leased};

crate::on_every_engine!(
    the_end_of_a_job_is_told_to_who_wants_to_know,
    a_notice_does_not_wait_behind_batches,
    of_a_silent_job_nobody_is_told,
    a_notice_that_cannot_be_told_is_given_up_quietly,
    a_job_that_goes_on_has_no_end_to_be_told,
    old_notices_are_forgotten,
);

/// A job that has just ended, and the task that tells of it.
async fn ended(test: &TestJobs) -> (proto::Job, proto::Task) {
    let job = test.create(job_of(1)).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![done(&taken[0])]).await;
    let notice = test.take_next("w-1", 1).await.remove(0);
    (test.job(&job.id).await, notice)
}

fn told(task: &proto::Task, routes: &[&str]) -> proto::FinishedTask {
    let routes = routes.iter().map(ToString::to_string).collect();
    proto::FinishedTask {
        task: Some(leased(task)),
        outcome: Some(Outcome::Done(proto::Done {
            routes,
            ..Default::default()
        })),
    }
}

async fn the_end_of_a_job_is_told_to_who_wants_to_know(test: TestJobs) {
    let (job, notice) = ended(&test).await;
    let Some(Work::NotifyOwner(work)) = &notice.work else {
        panic!("{notice:?}")
    };
    assert_eq!(work.job.as_ref(), Some(&job));
    assert_eq!(
        test.finish(vec![told(&notice, &["mail", "push"])]).await,
        [""; 0]
    );
    let deliveries = test.take_next("w-1", 2).await;
    let mut routes: Vec<_> = deliveries
        .iter()
        .filter_map(|task| match &task.work {
            Some(Work::DeliverNotice(work)) => Some(work.route.as_str()),
            _ => None,
        })
        .collect();
    routes.sort_unstable();
    assert_eq!(routes, ["mail", "push"]);
    assert_eq!(
        test.finish(deliveries.iter().map(done).collect()).await,
        [""; 0]
    );
    test.nothing_is_offered().await;
    assert_eq!(
        test.job(&job.id).await,
        job,
        "telling of it is no part of it"
    );
}

async fn a_notice_does_not_wait_behind_batches(test: TestJobs) {
    let batch = || proto::CreateJobRequest {
        priority: proto::Priority::Batch.into(),
        ..job_of(1)
    };
    test.create(batch()).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.create(batch()).await.expect("created");
    test.finish(vec![done(&taken[0])]).await;
    test.house.sweeper.settled().await;
    let notice = test.take_next("w-1", 1).await.remove(0);
    assert!(matches!(notice.work, Some(Work::NotifyOwner(_))));
    // Once more from the database.
    let replica = test.replica(&QueueConfig::default()).await;
    test.finish(vec![told(&notice, &["mail"])]).await;
    replica.sweep().await;
    let delivery = replica.take_next("w-1", 1).await.remove(0);
    assert!(matches!(delivery.work, Some(Work::DeliverNotice(_))));
}

async fn of_a_silent_job_nobody_is_told(test: TestJobs) {
    let mut request = job_of(1);
    request.silent = true;
    let job = test.create(request).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![done(&taken[0])]).await;
    assert_eq!(test.job(&job.id).await.state(), JobState::Succeeded);
    test.nothing_is_offered().await;
}

async fn a_notice_that_cannot_be_told_is_given_up_quietly(test: TestJobs) {
    let (job, mut notice) = ended(&test).await;
    for attempt in 1..=8 {
        assert_eq!(notice.attempt, attempt);
        test.finish(vec![failed(&notice, true)]).await;
        test.pass(300);
        if attempt < 8 {
            notice = test.take_next("w-1", 1).await.remove(0);
        }
    }
    test.sweep().await;
    test.nothing_is_offered().await;
    assert_eq!(test.job(&job.id).await, job);
}

async fn a_job_that_goes_on_has_no_end_to_be_told(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![failed(&taken[0], false)]).await;
    let notice = test.take_next("w-1", 1).await.remove(0);
    test.retry(&job.id).await.expect("once more");
    let lost = test.finish(vec![told(&notice, &["mail"])]).await;
    assert_eq!(lost, [notice.id]);
    let taken = test.take_next("w-1", 1).await;
    assert!(matches!(taken[0].work, Some(Work::ProcessImage(_))));
    test.nothing_is_offered().await;
}

async fn old_notices_are_forgotten(test: TestJobs) {
    let (job, notice) = ended(&test).await;
    test.finish(vec![told(&notice, &["mail"])]).await;
    let delivery = test.take_next("w-1", 1).await.remove(0);
    test.finish(vec![done(&delivery)]).await;
    for (seconds, left) in [(60 * 60 * 24 - 1, 1), (1, 0)] {
        test.pass(seconds);
        test.sweep().await;
        assert_eq!(test.rows("notify").await, left);
        assert_eq!(test.rows("deliver").await, left);
    }
    assert_eq!(test.job(&job.id).await, job, "jobs are kept");
    assert_eq!(test.rows("process").await, 1);
}
