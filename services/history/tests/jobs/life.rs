//! From being asked for to the end.

use pupila_proto::history::v1::{self as proto, JobState, Priority, task::Work};

use crate::fixtures::{ANA, TestJobs, done, failed, job_of, model, prediction, refused};

crate::on_every_engine!(
    a_job_lives_from_being_asked_for_to_its_end,
    one_bad_file_does_not_fail_a_job,
    a_job_whose_files_are_all_refused_ends_at_once,
    more_than_four_images_are_a_batch,
    a_job_of_very_many_images_is_stored_whole,
);

async fn a_job_lives_from_being_asked_for_to_its_end(test: TestJobs) {
    let asked = test.create(job_of(2)).await.expect("created");
    assert_eq!(asked.state(), JobState::Queued);
    assert_eq!(asked.owner, ANA.to_string());
    assert_eq!(asked.steps, [model()]);
    assert_eq!((asked.revision, asked.start_time), (1, None));
    assert_eq!(test.job(&asked.id).await, asked);

    test.pass(1);
    let taken = test.take_next("w-1", 2).await;
    let Some(Work::ProcessImage(work)) = &taken[0].work else {
        panic!("{taken:?}")
    };
    assert_eq!((&work.steps, taken[0].attempt), (&asked.steps, 1));
    assert_eq!(taken[0].owner, asked.owner);
    let running = test.job(&asked.id).await;
    assert_eq!(running.state(), JobState::Running);
    assert_eq!(running.start_time, running.update_time);
    assert_eq!(running.counts.expect("counts").running, 2);

    test.pass(1);
    assert_eq!(test.finish(vec![done(&taken[0])]).await, [""; 0]);
    let half = test.job(&asked.id).await;
    assert_eq!(half.state(), JobState::Running);
    assert_eq!(half.start_time, running.start_time);
    assert!(half.revision > running.revision);

    test.pass(1);
    test.finish(vec![done(&taken[1])]).await;
    let ended = test.job(&asked.id).await;
    assert_eq!(ended.state(), JobState::Succeeded);
    assert_eq!(ended.end_time, ended.update_time);
    let counts = ended.counts.expect("counts");
    assert_eq!((counts.total, counts.succeeded), (2, 2));
    let items = test.items(&asked.id).await;
    assert_eq!(items[1].filename, "1.png");
    assert_eq!(items[1].results, [prediction("NORMAL")]);
    assert_eq!(items[1].attempts, 1);
    assert!(items.iter().any(|item| item.revision == ended.revision));
}

async fn one_bad_file_does_not_fail_a_job(test: TestJobs) {
    let mut request = job_of(2);
    request.items.push(refused());
    let job = test.create(request).await.expect("created");
    assert_eq!(job.counts.expect("counts").failed, 1);
    let taken = test.take_next("w-1", 2).await;
    test.finish(vec![done(&taken[0]), failed(&taken[1], false)])
        .await;
    let ended = test.job(&job.id).await;
    assert_eq!(ended.state(), JobState::Succeeded);
    assert_eq!(ended.failure, None);
    let counts = ended.counts.expect("counts");
    assert_eq!((counts.total, counts.succeeded, counts.failed), (3, 1, 2));
    let item = &test.items(&job.id).await[2];
    assert_eq!(item.image_id, "");
    assert_eq!(
        item.failure.as_ref().expect("why").reason,
        "IMAGE_UNREADABLE"
    );
}

async fn a_job_whose_files_are_all_refused_ends_at_once(test: TestJobs) {
    let request = proto::CreateJobRequest {
        items: vec![refused(), refused()],
        ..job_of(0)
    };
    let job = test.create(request).await.expect("created");
    assert_eq!(job.state(), JobState::Failed);
    assert_eq!(job.end_time, job.create_time);
    let taken = test.take_next("w-1", 1).await;
    assert!(matches!(taken[0].work, Some(Work::NotifyOwner(_))));
    assert_eq!(
        test.retry(&job.id).await.expect_err("nothing").reason,
        "NOTHING_TO_RETRY"
    );
}

async fn more_than_four_images_are_a_batch(test: TestJobs) {
    for (count, priority) in [(4, Priority::Interactive), (5, Priority::Batch)] {
        let job = test.create(job_of(count)).await.expect("created");
        assert_eq!(job.priority(), priority);
    }
    let mut request = job_of(5);
    request.set_priority(Priority::Interactive);
    let job = test.create(request).await.expect("created");
    assert_eq!(job.priority(), Priority::Interactive);
}

async fn a_job_of_very_many_images_is_stored_whole(test: TestJobs) {
    let job = test.create(job_of(10_000)).await.expect("created");
    assert_eq!(job.counts.expect("counts").queued, 10_000);
    let taken = test.take_next("w-1", 1_000).await;
    assert_eq!(test.finish(taken.iter().map(done).collect()).await, [""; 0]);
    let cancelled = test.cancel(&job.id).await.expect("called off");
    let counts = cancelled.counts.expect("counts");
    assert_eq!((counts.succeeded, counts.cancelled), (1_000, 9_000));
}
