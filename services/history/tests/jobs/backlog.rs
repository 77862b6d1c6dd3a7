//! Nobody has more open than their share, whatever a queue knows of it.

use std::time::Duration;

use futures_util::future::join_all;
use pupila_core::ErrorCode;
use pupila_proto::history::v1 as proto;
use pupila_queue::QueueConfig;
use pupila_runtime::rpc::RpcError;

use crate::{
    archives::{addition, zip},
    fixtures::{LUIS, TestJobs, done, job_of},
};

crate::on_every_engine!(
    jobs_that_are_asked_for_at_once_share_the_room,
    a_queue_that_forgot_everything_makes_no_room,
    what_ended_makes_room,
    whoever_has_nothing_open_brings_a_large_job,
    jobs_that_were_called_off_do_not_all_come_back,
    ten_large_zips_are_opened_one_by_one,
    a_small_zip_counts_as_what_it_holds,
    a_zip_does_not_wait_for_itself,
);

/// Of a user, ten images.
fn ten() -> QueueConfig {
    QueueConfig {
        max_waiting_per_owner: Some(10),
        ..QueueConfig::default()
    }
}

fn quiet(images: u128) -> proto::CreateJobRequest {
    proto::CreateJobRequest {
        silent: true,
        ..job_of(images)
    }
}

fn assert_full(refused: Result<proto::Job, RpcError>) {
    let error = refused.expect_err("more than her share");
    assert_eq!(error.code, ErrorCode::ResourceExhausted);
    assert_eq!(error.reason, "QUEUE_FULL");
    assert_eq!(error.retry_after, Some(Duration::from_secs(5)));
}

async fn jobs_that_are_asked_for_at_once_share_the_room(test: TestJobs) {
    let processes = [test.replica(&ten()).await, test.replica(&ten()).await];
    let creations = (0..16).map(|n| processes[n % 2].create(quiet(4)));
    let created = join_all(creations).await;
    let (created, refused): (Vec<_>, Vec<_>) = created.into_iter().partition(Result::is_ok);
    assert_eq!(created.len(), 2, "8 of 10");
    refused.into_iter().for_each(assert_full);
    let his = processes[0].create_for(LUIS, quiet(10)).await;
    his.expect("he has nothing there");
}

async fn a_queue_that_forgot_everything_makes_no_room(test: TestJobs) {
    let process = test.replica(&ten()).await;
    process.create(quiet(10)).await.expect("there is room");
    let forgetful = test.replica(&ten()).await;
    for _ in 0..2 {
        assert_full(forgetful.create(quiet(1)).await);
    }
    let keyed = proto::CreateJobRequest {
        idempotency_key: "k-1".to_owned(),
        ..quiet(1)
    };
    let twice = [keyed.clone(), keyed].map(|request| forgetful.create(request));
    join_all(twice).await.into_iter().for_each(assert_full);
}

async fn what_ended_makes_room(test: TestJobs) {
    let test = test.replica(&ten()).await;
    let job = test.create(quiet(10)).await.expect("there is room");
    let taken = test.take_next("w-1", 10).await;
    assert_full(test.create(quiet(1)).await);
    test.finish(taken[..4].iter().map(done).collect()).await;
    assert_full(test.create(quiet(5)).await);
    test.create(quiet(4)).await.expect("as many as are done");
    test.offered(4).await;
    test.cancel(&job.id).await.expect("called off");
    assert_full(test.create(quiet(7)).await);
    test.create(quiet(6)).await.expect("the rest");
}

async fn whoever_has_nothing_open_brings_a_large_job(test: TestJobs) {
    let test = test.replica(&ten()).await;
    let job = test.create(quiet(50)).await.expect("by itself");
    assert_full(test.create(quiet(1)).await);
    test.offered(50).await;
    test.cancel(&job.id).await.expect("called off");
    test.retry(&job.id).await.expect("by itself again");
}

async fn jobs_that_were_called_off_do_not_all_come_back(test: TestJobs) {
    let test = test.replica(&ten()).await;
    let mut jobs = Vec::new();
    for _ in 0..3 {
        let job = test.create(quiet(10)).await.expect("nothing is open");
        test.cancel(&job.id).await.expect("called off");
        // Who takes them hears that nobody wants them.
        test.offered(10).await;
        jobs.push(job.id);
    }
    let (one, others) = jobs.split_first().expect("some");
    let retries = others.iter().map(|job| test.retry(job));
    let retried = join_all(retries).await;
    let (retried, refused): (Vec<_>, Vec<_>) = retried.into_iter().partition(Result::is_ok);
    assert_eq!((retried.len(), refused.len()), (1, 1));
    refused.into_iter().for_each(assert_full);
    assert_full(test.retry(one).await);
    let his = test.create_for(LUIS, quiet(10)).await;
    his.expect("he has nothing there");

    let retried = retried.into_iter().next().expect("one").expect("it is");
    test.cancel(&retried.id).await.expect("called off");
    test.retry(one).await.expect("now there is room");
}

async fn ten_large_zips_are_opened_one_by_one(test: TestJobs) {
    for _ in 0..10 {
        test.create(zip()).await.expect("a tenth of her share each");
    }
    assert_full(test.create(zip()).await);
    let unpacks = test.take_next("w-1", 10).await;
    let open = |n: usize| test.add_items(addition(&unpacks[n], 0, 2, 10_000));
    let opened = join_all((0..10).map(open)).await;
    let (opened, refused): (Vec<_>, Vec<_>) = (0..10).partition(|n| opened[*n].as_ref().is_ok());
    assert_eq!(opened.len(), 1, "there is room for no other");
    let error = open(refused[0]).await.expect_err("still not");
    assert_eq!(
        (&*error.reason, error.retry_after),
        ("QUEUE_FULL", Some(Duration::from_secs(60)))
    );
    let more = addition(&unpacks[opened[0]], 2, 2, 10_000);
    test.add_items(more).await.expect("that one goes on");
    test.create_for(LUIS, zip()).await.expect("he has his own");

    // As soon as one of its images is done there is room for another.
    let image = test.take_next("w-2", 1).await;
    test.finish(vec![done(&image[0])]).await;
    open(refused[0]).await.expect("the next one");
    open(refused[1]).await.expect_err("not the one after it");
}

async fn a_small_zip_counts_as_what_it_holds(test: TestJobs) {
    let config = QueueConfig {
        max_waiting_per_owner: Some(1_010),
        ..QueueConfig::default()
    };
    let test = test.replica(&config).await;
    test.create(zip()).await.expect("there is room");
    assert_full(test.create(quiet(11)).await);
    let unpacks = test.take_next("w-1", 1).await;
    let few = addition(&unpacks[0], 0, 2, 5);
    test.add_items(few).await.expect("added");
    test.create(quiet(1_005)).await.expect("there is room");
    assert_full(test.create(quiet(1)).await);
}

/// A worker that is newer finds more in it.
async fn a_zip_does_not_wait_for_itself(test: TestJobs) {
    let test = test.replica(&ten()).await;
    test.create(zip()).await.expect("by itself");
    let unpacks = test.take_next("w-1", 1).await;
    for (first, total) in [(0, 50), (2, 51)] {
        let some = addition(&unpacks[0], first, 2, total);
        test.add_items(some).await.expect("nothing else is open");
    }
    assert_full(test.create(quiet(1)).await);
}
