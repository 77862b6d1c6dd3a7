//! ZIPs that become items.

use pupila_core::ArchiveId;
use pupila_proto::history::v1::{self as proto, JobState, Priority, task::Work};
use pupila_queue::QueueConfig;
use uuid::Uuid;

use crate::fixtures::{TestJobs, broken, done, failed, items, job_of, leased, refused};

crate::on_every_engine!(
    a_zip_is_unpacked_into_items,
    a_worker_is_told_how_many_items_a_job_may_have,
    unpacking_goes_on_where_it_was,
    a_step_forward_makes_up_for_what_failed_before,
    who_dies_over_the_report_of_a_whole_zip_buries_nothing,
    a_zip_that_cannot_be_read_fails_its_job,
    a_zip_that_was_not_unpacked_is_tried_again,
    a_zip_that_breaks_halfway_keeps_what_came_before,
    a_zip_that_is_gone_is_not_missed_once_all_of_it_is_there,
    a_zip_that_is_gone_is_missed_while_some_of_it_is_not_there,
    a_job_that_was_called_off_gets_no_more_items,
    a_zip_that_was_stumbled_over_is_called_off_too,
    items_come_without_a_gap,
    a_zip_never_holds_less_than_came_out_of_it,
);

pub(crate) fn zip() -> proto::CreateJobRequest {
    proto::CreateJobRequest {
        archive_id: ArchiveId::from_uuid(Uuid::from_u128(5)).to_string(),
        silent: true,
        ..job_of(0)
    }
}

pub(crate) fn addition(
    task: &proto::Task,
    first: u32,
    count: u128,
    total: u32,
) -> proto::AddItemsRequest {
    proto::AddItemsRequest {
        task: Some(leased(task)),
        first_position: first,
        items: items(count),
        total,
    }
}

async fn a_zip_is_unpacked_into_items(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    assert!(job.unpacking);
    assert_eq!(job.priority(), Priority::Batch);
    assert_eq!(job.counts, Some(proto::ItemCounts::default()));
    let unpacks = test.take_next("w-1", 1).await;
    let Some(Work::UnpackArchive(work)) = &unpacks[0].work else {
        panic!("{unpacks:?}")
    };
    assert_eq!((&work.archive_id, work.next_position), (&job.archive_id, 0));

    let mut first = addition(&unpacks[0], 0, 2, 3);
    for _ in 0..2 {
        test.add_items(first.clone()).await.expect("added");
    }
    let counts = test.job(&job.id).await.counts.expect("counts");
    assert_eq!((counts.total, counts.queued), (3, 2));
    first.items.push(refused());
    test.add_items(first).await.expect("one more");
    let taken = test.take_next("w-2", 2).await;
    test.finish(taken.iter().map(done).collect()).await;
    let busy = test.job(&job.id).await;
    assert_eq!(busy.state(), JobState::Running, "more may come");
    test.finish(vec![done(&unpacks[0])]).await;
    let ended = test.job(&job.id).await;
    assert_eq!(ended.state(), JobState::Succeeded);
    assert!(!ended.unpacking);
    let counts = ended.counts.expect("counts");
    assert_eq!((counts.total, counts.succeeded, counts.failed), (3, 2, 1));
    let positions: Vec<_> = test
        .items(&job.id)
        .await
        .iter()
        .map(|item| item.position)
        .collect();
    assert_eq!(positions, [0, 1, 2]);
}

async fn a_worker_is_told_how_many_items_a_job_may_have(mut test: TestJobs) {
    test.config.jobs.max_items = 3;
    let test = test.replica(&QueueConfig::default()).await;
    test.create(zip()).await.expect("created");
    let unpacks = test.take_next("w-1", 1).await;
    let Some(Work::UnpackArchive(work)) = &unpacks[0].work else {
        panic!("{unpacks:?}")
    };
    assert_eq!(work.max_items, 3);
    let error = test.add_items(addition(&unpacks[0], 0, 1, 4)).await;
    assert_eq!(error.expect_err("too many").reason, "INVALID_ARGUMENT");
}

async fn unpacking_goes_on_where_it_was(test: TestJobs) {
    // The first one finds a new queue, and would offer the items once more.
    test.sweep().await;
    test.create(zip()).await.expect("created");
    let first = test.take_next("w-1", 1).await;
    test.add_items(addition(&first[0], 0, 2, 4))
        .await
        .expect("added");
    test.offered(2).await;
    test.pass(30);
    test.sweep().await;
    let second = test.take_next("w-2", 1).await;
    let Some(Work::UnpackArchive(work)) = &second[0].work else {
        panic!("{second:?}")
    };
    assert_eq!(work.next_position, 2);
    let error = test.add_items(addition(&first[0], 2, 2, 4)).await;
    assert_eq!(error.expect_err("the lease ended").reason, "LEASE_LOST");
    test.add_items(addition(&second[0], 2, 2, 4))
        .await
        .expect("added");
}

async fn a_step_forward_makes_up_for_what_failed_before(test: TestJobs) {
    test.create(zip()).await.expect("created");
    // More entries that fail once than a task has attempts.
    for entry in 0..7 {
        let unpacks = test.take_next("w-1", 1).await.remove(0);
        assert_eq!(unpacks.attempt, if entry == 0 { 1 } else { 2 });
        test.add_items(addition(&unpacks, entry, 1, 9))
            .await
            .expect("added");
        test.offered(1).await;
        test.finish(vec![failed(&unpacks, true)]).await;
        test.pass(300);
    }
    // What is told twice is no step.
    let unpacks = test.take_next("w-1", 1).await.remove(0);
    test.add_items(addition(&unpacks, 6, 1, 9))
        .await
        .expect("known");
    test.finish(vec![failed(&unpacks, true)]).await;
    test.pass(300);
    assert_eq!(test.take_next("w-1", 1).await[0].attempt, 3);
}

async fn who_dies_over_the_report_of_a_whole_zip_buries_nothing(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    for attempt in 1..=5 {
        let unpacks = test.take_next("w-1", 1).await.remove(0);
        assert_eq!(unpacks.attempt, attempt);
        if attempt == 1 {
            test.add_items(addition(&unpacks, 0, 2, 2))
                .await
                .expect("added");
            test.offered(2).await;
        }
        test.reclaim_all().await;
    }
    let job = test.job(&job.id).await;
    assert_eq!((job.unpacking, job.failure), (false, None));
    let depth = test.queue.depth().await.expect("a queue in memory");
    assert_eq!(depth.dead, 0);
}

async fn a_zip_that_cannot_be_read_fails_its_job(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![failed(&taken[0], false)]).await;
    let ended = test.job(&job.id).await;
    assert_eq!(ended.state(), JobState::Failed);
    assert_eq!(ended.failure.expect("why").reason, "IMAGE_UNREADABLE");
    // Nobody has it any more: another attempt would put that in the place of the reason.
    let error = test.retry(&job.id).await.expect_err("the ZIP is gone");
    assert_eq!(error.reason, "NOTHING_TO_RETRY");
}

async fn a_zip_that_was_not_unpacked_is_tried_again(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![broken(&taken[0])]).await;
    let ended = test.job(&job.id).await;
    assert_eq!(ended.failure.expect("why").reason, "WORKER_FAILED");

    let again = test.retry(&job.id).await.expect("once more");
    assert_eq!((again.unpacking, again.failure), (true, None));
    let taken = test.take_next("w-1", 1).await;
    assert_eq!(taken[0].attempt, 1);
    assert!(matches!(taken[0].work, Some(Work::UnpackArchive(_))));
}

async fn a_zip_that_breaks_halfway_keeps_what_came_before(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    let unpacks = test.take_next("w-1", 1).await;
    test.add_items(addition(&unpacks[0], 0, 2, 9))
        .await
        .expect("added");
    test.finish(vec![failed(&unpacks[0], false)]).await;
    let counts = test.job(&job.id).await.counts.expect("counts");
    assert_eq!((counts.total, counts.queued), (9, 2), "7 never came");
    let taken = test.take_next("w-1", 2).await;
    test.finish(taken.iter().map(done).collect()).await;
    let ended = test.job(&job.id).await;
    assert_eq!(ended.state(), JobState::Succeeded);
    assert!(ended.failure.is_some());
}

async fn a_zip_that_is_gone_is_not_missed_once_all_of_it_is_there(test: TestJobs) {
    for called_off_meanwhile in [false, true] {
        let job = test.create(zip()).await.expect("created");
        let unpacks = test.take_next("w-1", 1).await.remove(0);
        test.add_items(addition(&unpacks, 0, 2, 2))
            .await
            .expect("added");
        let images = test.offered(2).await;
        let again = if called_off_meanwhile {
            test.cancel(&job.id).await.expect("called off");
            test.retry(&job.id).await.expect("after all");
            test.take("w-2", &[unpacks.id.parse().expect("an id")])
                .await
                .remove(0)
        } else {
            unpacks
        };
        // The attempt before has deleted it, and died before it could tell.
        assert_eq!(test.finish(vec![failed(&again, false)]).await, [""; 0]);
        let busy = test.job(&job.id).await;
        assert_eq!((busy.unpacking, &busy.failure), (false, &None));
        let taken = test.take("w-2", &images).await;
        test.finish(taken.iter().map(done).collect()).await;
        let ended = test.job(&job.id).await;
        assert_eq!(ended.state(), JobState::Succeeded);
        assert_eq!(ended.failure, None);
        assert_eq!(ended.counts.expect("counts").succeeded, 2);
    }
}

async fn a_zip_that_is_gone_is_missed_while_some_of_it_is_not_there(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    let unpacks = test.take_next("w-1", 1).await.remove(0);
    test.add_items(addition(&unpacks, 0, 2, 3))
        .await
        .expect("added");
    // However the attempts before ended, it is known how many there must be.
    test.finish(vec![broken(&unpacks)]).await;
    test.cancel(&job.id).await.expect("called off");
    test.retry(&job.id).await.expect("after all");
    let again = test
        .take("w-2", &[unpacks.id.parse().expect("an id")])
        .await;
    test.finish(vec![failed(&again[0], false)]).await;
    let busy = test.job(&job.id).await;
    assert_eq!(busy.failure.expect("why").reason, "IMAGE_UNREADABLE");
    assert_eq!(busy.counts.expect("counts").total, 3);
}

async fn a_job_that_was_called_off_gets_no_more_items(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    let unpacks = test.take_next("w-1", 1).await;
    test.add_items(addition(&unpacks[0], 0, 2, 9))
        .await
        .expect("added");
    let cancelled = test.cancel(&job.id).await.expect("called off");
    let counts = cancelled.counts.expect("counts");
    assert_eq!((counts.total, counts.cancelled), (9, 2));
    let error = test.add_items(addition(&unpacks[0], 2, 2, 9)).await;
    assert_eq!(error.expect_err("it is over").reason, "LEASE_LOST");
    assert_eq!(test.items(&job.id).await.len(), 2);

    // After all: unpacking goes on, and what there was is done.
    test.offered(2).await;
    test.retry(&job.id).await.expect("after all");
    let taken = test.take_next("w-2", 3).await;
    let unpacks = taken.iter().find_map(|task| match &task.work {
        Some(Work::UnpackArchive(work)) => Some(work.next_position),
        _ => None,
    });
    assert_eq!(unpacks, Some(2));
}

async fn a_zip_that_was_stumbled_over_is_called_off_too(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    let first = test.take_next("w-1", 1).await;
    test.finish(vec![failed(&first[0], true)]).await;
    test.pass(60);
    let second = test.take_next("w-1", 1).await;
    test.cancel(&job.id).await.expect("called off");
    let error = test.add_items(addition(&second[0], 0, 2, 2)).await;
    assert_eq!(error.expect_err("it is over").reason, "LEASE_LOST");
    let cancelled = test.job(&job.id).await;
    assert_eq!(cancelled.state(), JobState::Cancelled);
    assert_eq!(cancelled.counts.expect("counts").queued, 0);
    // Its owner called it off, no one refused it.
    let again = test.retry(&job.id).await.expect("after all");
    assert!(again.unpacking);
}

async fn items_come_without_a_gap(test: TestJobs) {
    test.create(zip()).await.expect("created");
    let taken = test.take_next("w-1", 1).await;
    let error = test.add_items(addition(&taken[0], 1, 1, 2)).await;
    let error = error.expect_err("0 is missing");
    assert_eq!(error.violations[0].field, "first_position");
    for wrong in [
        addition(&taken[0], 0, 501, 501),
        addition(&taken[0], 0, 1, 10_001),
        addition(&taken[0], 0, 2, 1),
    ] {
        let error = test.add_items(wrong).await.expect_err("out of range");
        assert_eq!(error.reason, "INVALID_ARGUMENT");
    }
}

async fn a_zip_never_holds_less_than_came_out_of_it(test: TestJobs) {
    let job = test.create(zip()).await.expect("created");
    let unpacks = test.take_next("w-1", 1).await;
    for (first, count, total) in [(0, 3, 5), (0, 2, 2)] {
        let some = addition(&unpacks[0], first, count, total);
        test.add_items(some).await.expect("added");
    }
    let counts = test.job(&job.id).await.counts.expect("counts");
    assert_eq!((counts.total, counts.queued), (3, 3));
}
