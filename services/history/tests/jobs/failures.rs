//! Attempts that fail.

use pupila_proto::history::v1::JobState;

use crate::fixtures::{TestJobs, done, failed, given_back, job_of};

crate::on_every_engine!(
    a_failure_that_may_pass_is_tried_again_later,
    a_failure_that_does_not_pass_is_final,
    after_the_last_attempt_an_item_is_given_up,
    what_is_given_back_still_says_why_the_attempt_before_failed,
    nothing_is_given_back_for_longer_than_a_day,
);

async fn a_failure_that_may_pass_is_tried_again_later(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![failed(&taken[0], true)]).await;
    let item = &test.items(&job.id).await[0];
    assert_eq!(item.state(), JobState::Queued);
    assert_eq!(
        item.failure.as_ref().expect("why").reason,
        "IMAGE_UNREADABLE"
    );
    assert!(item.next_attempt_time.is_some());
    assert_eq!(test.job(&job.id).await.counts.expect("counts").queued, 1);

    test.pass(1);
    let again = test.take_next("w-1", 1).await;
    assert_eq!((&again[0].id, again[0].attempt), (&taken[0].id, 2));
    test.finish(vec![done(&again[0])]).await;
    let item = &test.items(&job.id).await[0];
    assert_eq!(item.state(), JobState::Succeeded);
    assert_eq!((&item.failure, item.attempts), (&None, 2));
}

async fn a_failure_that_does_not_pass_is_final(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![failed(&taken[0], false)]).await;
    let ended = test.job(&job.id).await;
    assert_eq!(ended.state(), JobState::Failed);
    assert_eq!(ended.failure, None, "its items say why");
    let item = &test.items(&job.id).await[0];
    assert_eq!((item.state(), item.attempts), (JobState::Failed, 1));
    assert!(item.end_time.is_some());
}

async fn after_the_last_attempt_an_item_is_given_up(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    for attempt in 1..=5 {
        let taken = test.take_next("w-1", 1).await;
        assert_eq!(taken[0].attempt, attempt);
        test.finish(vec![failed(&taken[0], true)]).await;
        test.pass(300);
    }
    assert_eq!(test.job(&job.id).await.state(), JobState::Failed);
    let depth = test.queue.depth().await.expect("a queue in memory");
    assert_eq!(depth.dead, 0, "its workers lived");
}

async fn what_is_given_back_still_says_why_the_attempt_before_failed(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![failed(&taken[0], true)]).await;
    test.pass(1);
    let again = test.take_next("w-1", 1).await;
    test.finish(vec![given_back(&again[0], Some(60))]).await;
    let item = &test.items(&job.id).await[0];
    assert_eq!((item.state(), item.attempts), (JobState::Queued, 1));
    assert_eq!(
        item.failure.as_ref().expect("why").reason,
        "IMAGE_UNREADABLE"
    );
}

async fn nothing_is_given_back_for_longer_than_a_day(test: TestJobs) {
    test.create(job_of(1)).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![given_back(&taken[0], Some(i64::MAX))])
        .await;
    test.pass(24 * 60 * 60);
    assert_eq!(test.take_next("w-1", 1).await[0].id, taken[0].id);
}
