//! Owners ask once more for what did not work.

use pupila_proto::history::v1::JobState;

use crate::fixtures::{TestJobs, done, failed, job_of, refused};

crate::on_every_engine!(
    what_failed_is_done_again_and_nothing_else,
    what_was_called_off_is_done_after_all,
    there_may_be_nothing_to_do_again,
);

async fn what_failed_is_done_again_and_nothing_else(test: TestJobs) {
    let mut request = job_of(2);
    request.silent = true;
    request.items.push(refused());
    let job = test.create(request).await.expect("created");
    let taken = test.take_next("w-1", 2).await;
    test.finish(vec![done(&taken[0]), failed(&taken[1], false)])
        .await;
    let again = test.retry(&job.id).await.expect("once more");
    assert_eq!(again.state(), JobState::Queued);
    assert_eq!((again.end_time, again.failure), (None, None));
    let counts = again.counts.expect("counts");
    assert_eq!((counts.queued, counts.succeeded, counts.failed), (1, 1, 1));

    let once_more = test.take_next("w-2", 1).await;
    assert_eq!((&once_more[0].id, once_more[0].attempt), (&taken[1].id, 1));
    test.finish(vec![done(&once_more[0])]).await;
    let ended = test.job(&job.id).await;
    assert_eq!(ended.state(), JobState::Succeeded);
    assert_eq!(ended.counts.expect("counts").succeeded, 2);
}

async fn what_was_called_off_is_done_after_all(test: TestJobs) {
    let job = test.create(job_of(2)).await.expect("created");
    let before = test.take_next("w-1", 2).await;
    test.cancel(&job.id).await.expect("called off");
    test.retry(&job.id).await.expect("after all");
    let taken = test.take_next("w-2", 2).await;
    // The first worker has not heard yet.
    assert_eq!(
        test.finish(before.iter().map(done).collect()).await.len(),
        2
    );
    assert_eq!(test.finish(taken.iter().map(done).collect()).await.len(), 0);
    assert_eq!(test.job(&job.id).await.state(), JobState::Succeeded);
}

async fn there_may_be_nothing_to_do_again(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let error = test.retry(&job.id).await.expect_err("it waits");
    assert_eq!(error.reason, "NOTHING_TO_RETRY");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![done(&taken[0])]).await;
    let error = test.retry(&job.id).await.expect_err("all is done");
    assert_eq!(error.reason, "NOTHING_TO_RETRY");
}
