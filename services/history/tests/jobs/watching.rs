//! Who looks on hears what changes, and nobody else does.

mod paused;
mod streams;

use pupila_history::Housekeeping;
use pupila_proto::history::v1::JobState;
use tokio_util::sync::CancellationToken;

use crate::fixtures::{ANA, LUIS, TestJobs, done, job_of};
use streams::AboutJob as _;

crate::on_every_engine!(
    a_job_is_watched_until_it_ends,
    a_job_that_has_ended_is_told_once,
    ten_thousand_items_come_in_pages,
    who_comes_back_hears_what_changed_meanwhile,
    all_jobs_are_watched_from_now_on,
    a_long_absence_is_told_in_pages,
    a_cursor_that_no_message_had_is_refused,
    nobody_hears_of_anothers_jobs,
    streams_end_when_the_service_does,
    a_job_that_is_erased_is_watched_no_longer,
);

async fn a_job_is_watched_until_it_ends(test: TestJobs) {
    let job = test.create(job_of(2)).await.expect("created");
    let mut news = test.watch_job(ANA, &job.id, 0).await.expect("hers");
    let first = news.next().await;
    assert_eq!(first.items.len(), 2);
    assert_eq!(first.known_revision, first.job().revision);

    let taken = test.take_next("w-1", 2).await;
    test.finish(taken.iter().map(done).collect()).await;
    let mut known = first.known_revision;
    let mut last = first;
    while let Some(message) = news.more().await {
        assert!(message.known_revision > known, "nothing is told twice");
        known = message.known_revision;
        last = message;
    }
    assert_eq!(last.job().state(), JobState::Succeeded);
    assert_eq!(last.items.len(), 2);
}

async fn a_job_that_has_ended_is_told_once(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let job = test.cancel(&job.id).await.expect("called off");
    for known in [job.revision, i64::MAX, i64::MIN] {
        let mut news = test.watch_job(ANA, &job.id, known).await.expect("hers");
        assert_eq!(news.next().await.job().state(), JobState::Cancelled);
        assert_eq!(news.more().await, None);
    }
}

async fn ten_thousand_items_come_in_pages(test: TestJobs) {
    let job = test.create(job_of(10_000)).await.expect("created");
    let mut news = test.watch_job(ANA, &job.id, 0).await.expect("hers");
    let mut positions = Vec::new();
    loop {
        let message = news.next().await;
        assert!(message.items.len() <= 500);
        positions.extend(message.items.iter().map(|item| item.position));
        if message.known_revision == message.job().revision {
            break;
        }
        assert!(message.known_revision < message.job().revision);
    }
    assert_eq!(positions, (0..10_000).collect::<Vec<_>>());
}

async fn who_comes_back_hears_what_changed_meanwhile(test: TestJobs) {
    let job = test.create(job_of(600)).await.expect("created");
    let taken = test.take_next("w-1", 3).await;
    let known = test.job(&job.id).await.revision;
    test.finish(taken.iter().map(done).collect()).await;
    let mut news = test.watch_job(ANA, &job.id, known).await.expect("hers");
    let message = news.next().await;
    assert_eq!(message.items.len(), 3);
    let succeeded = |state| state == JobState::Succeeded;
    assert!(message.items.iter().all(|item| succeeded(item.state())));
}

async fn all_jobs_are_watched_from_now_on(test: TestJobs) {
    test.create(job_of(1)).await.expect("of no interest");
    let mut news = test.watch_jobs(ANA, "").await.expect("watched");
    let begin = news.next().await;
    assert_eq!(begin.job, None, "only where to go on");
    test.pass(1);
    let job = test.create(job_of(1)).await.expect("created");
    let message = news.next().await;
    assert_eq!(message.job().id, job.id);

    // Whoever heard only the beginning hears the same.
    let mut again = test.watch_jobs(ANA, &begin.cursor).await.expect("watched");
    assert_eq!(again.next().await.cursor, begin.cursor);
    assert_eq!(again.until(&job.id).await.cursor, message.cursor);
}

async fn a_long_absence_is_told_in_pages(test: TestJobs) {
    let mut news = test.watch_jobs(ANA, "").await.expect("watched");
    let begin = news.next().await.cursor;
    let mut missed = Vec::new();
    for _ in 0..450 {
        test.pass(1);
        missed.push(test.create(job_of(1)).await.expect("created").id);
    }
    let mut news = test.watch_jobs(ANA, &begin).await.expect("watched");
    assert_eq!(news.next().await.cursor, begin, "nothing is told yet");
    let mut told = Vec::new();
    let mut cursor = begin;
    for half in [225, 450] {
        while told.len() < half {
            let message = news.next().await;
            told.push(message.job().id.clone());
            cursor = message.cursor;
        }
        // The connection breaks; what was told within the last seconds comes again.
        news = test.watch_jobs(ANA, &cursor).await.expect("watched");
        news.next().await;
        let last = told.last().expect("some");
        news.until(last).await;
    }
    assert_eq!(told, missed);
}

async fn a_cursor_that_no_message_had_is_refused(test: TestJobs) {
    for cursor in [
        "yesterday",
        "-1",
        "-377705023201000000",
        "253402207200000000",
        "9223372036854775807",
        "99999999999999999999",
    ] {
        let refused = test.watch_jobs(ANA, cursor).await.expect_err("no cursor");
        assert_eq!(refused.reason, "INVALID_ARGUMENT", "{cursor}");
    }
    test.watch_jobs(ANA, "0").await.expect("all that ever was");
}

async fn nobody_hears_of_anothers_jobs(test: TestJobs) {
    let hers = test.create(job_of(1)).await.expect("created");
    let refused = test.watch_job(LUIS, &hers.id, 0).await.expect_err("hers");
    assert_eq!(refused.reason, "JOB_NOT_FOUND");
    let mut news = test.watch_jobs(LUIS, "0").await.expect("watched");
    assert_eq!(news.next().await.job, None);
    test.create(job_of(1)).await.expect("created");
    let his = test.create_for(LUIS, job_of(1)).await.expect("created");
    assert_eq!(news.next().await.job().id, his.id);
}

async fn streams_end_when_the_service_does(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let mut one = test.watch_job(ANA, &job.id, 0).await.expect("hers");
    let mut all = test.watch_jobs(ANA, "").await.expect("watched");
    one.next().await;
    all.next().await;
    let stop = CancellationToken::new();
    stop.cancel();
    Housekeeping::run(test.house, stop).await;
    assert_eq!(one.more().await, None);
    assert_eq!(all.more().await, None);
}

async fn a_job_that_is_erased_is_watched_no_longer(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let mut news = test.watch_job(ANA, &job.id, 0).await.expect("hers");
    news.next().await;
    test.erase(ANA).await;
    test.wake(ANA, &job.id).await;
    assert_eq!(news.end().await.reason, "JOB_NOT_FOUND");
    assert_eq!(news.more().await, None);
}
