//! Workers die, or are thought to be dead.

use pupila_proto::history::v1::JobState;
use pupila_queue::QueueConfig;

use crate::{
    archives::zip,
    fixtures::{TestJobs, done, given_back, job_of, leased},
};

crate::on_every_engine!(
    what_a_dead_worker_held_goes_to_another,
    what_cannot_be_read_holds_up_nothing_else,
    who_works_alone_waits_for_nobody_after_a_crash,
    a_worker_that_is_heard_of_keeps_its_tasks,
    a_task_that_takes_its_workers_with_it_is_given_up,
    what_was_given_up_is_known_though_the_queue_forgot_it,
    two_workers_do_not_get_the_same_task,
    an_answer_that_was_lost_costs_no_attempt,
    what_is_given_back_does_not_count_as_an_attempt,
);

async fn what_a_dead_worker_held_goes_to_another(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let first = test.take_next("w-1", 1).await;
    test.pass(29);
    test.sweep().await;
    test.nothing_is_offered().await;
    test.pass(1);
    test.sweep().await;
    let second = test.take_next("w-2", 1).await;
    assert_eq!((&second[0].id, second[0].attempt), (&first[0].id, 2));

    // The first was only slow. What it says changes nothing.
    assert_eq!(
        test.renew("w-1", &[leased(&first[0])]).await,
        [first[0].id.clone()]
    );
    assert_eq!(
        test.finish(vec![done(&first[0])]).await,
        [first[0].id.clone()]
    );
    assert_eq!(test.job(&job.id).await.state(), JobState::Running);
    assert_eq!(test.finish(vec![done(&second[0])]).await, [""; 0]);
    assert_eq!(
        test.finish(vec![done(&second[0])]).await,
        [first[0].id.clone()]
    );
    let counts = test.job(&job.id).await.counts.expect("counts");
    assert_eq!((counts.succeeded, counts.total), (1, 1));
}

/// A replica that is newer has kinds of tasks that this one does not know.
async fn what_cannot_be_read_holds_up_nothing_else(test: TestJobs) {
    test.create(job_of(4)).await.expect("created");
    test.take_next("w-1", 3).await;
    test.pass(30);
    test.meddle("UPDATE tasks SET kind = 'newer' WHERE position = 0")
        .await;
    let replica = test.replica(&QueueConfig::default()).await;
    let unswept = replica
        .house
        .sweeper
        .sweep()
        .await
        .expect_err("one of them");
    replica.house.sweeper.settled().await;
    let unswept: Vec<_> = unswept.iter().map(ToString::to_string).collect();
    assert_eq!(unswept, ["what dead workers hold was not taken back"]);
    // The two others of the dead worker's, and the one that waits, which this queue has not heard of.
    assert_eq!(replica.waiting().await, 3);
}

async fn who_works_alone_waits_for_nobody_after_a_crash(test: TestJobs) {
    // More than are reclaimed in one go.
    const MANY: usize = 501;
    let job = test.create(job_of(MANY as u128)).await.expect("created");
    let held = test.take_next("w-1", MANY).await;
    let next = test.replica(&QueueConfig::default()).await;
    next.reclaim_all().await;
    let again = next.take_next("w-1", MANY).await;
    assert!(again.iter().all(|task| task.attempt == 2));
    let (lost, last): (Vec<_>, Vec<_>) = (
        held.iter().map(done).collect(),
        again.iter().map(done).collect(),
    );
    assert_eq!(next.finish(lost).await.len(), MANY);
    assert_eq!(next.finish(last).await, [""; 0]);
    assert_eq!(next.job(&job.id).await.state(), JobState::Succeeded);
}

async fn a_worker_that_is_heard_of_keeps_its_tasks(test: TestJobs) {
    test.create(job_of(2)).await.expect("created");
    let taken = test.take_next("w-1", 2).await;
    let held: Vec<_> = taken.iter().map(leased).collect();
    for _ in 0..10 {
        test.pass(10);
        assert_eq!(test.renew("w-1", &held).await, [""; 0]);
        test.sweep().await;
    }
    test.nothing_is_offered().await;
    // It went on with one of them only.
    test.pass(20);
    test.renew("w-1", &held[..1]).await;
    test.pass(10);
    test.sweep().await;
    let offered = test.offered(1).await;
    assert_eq!(offered[0].to_string(), taken[1].id);
    assert_eq!(test.renew("w-1", &held).await, [taken[1].id.clone()]);
}

async fn a_task_that_takes_its_workers_with_it_is_given_up(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    for attempt in 1..=5 {
        let taken = test.take_next("w", 1).await;
        assert_eq!(taken[0].attempt, attempt);
        test.pass(30);
        test.sweep().await;
    }
    let ended = test.job(&job.id).await;
    assert_eq!(ended.state(), JobState::Failed);
    let item = &test.items(&job.id).await[0];
    assert_eq!(item.failure.as_ref().expect("why").reason, "WORKER_LOST");
    let depth = test.queue.depth().await.expect("a queue in memory");
    assert_eq!(depth.dead, 1);
}

async fn what_was_given_up_is_known_though_the_queue_forgot_it(test: TestJobs) {
    let jobs = [test.create(job_of(1)).await, test.create(zip()).await];
    for _ in 1..=5 {
        test.take_next("w", 2).await;
        test.pass(30);
        test.sweep().await;
    }
    let forgetful = test.replica(&QueueConfig::default()).await;
    assert_eq!(forgetful.load().await.dead_letters, 2);
    let [image, zip] = jobs.map(|job| job.expect("created").id);
    forgetful.retry(&image).await.expect("once more");
    assert_eq!(forgetful.load().await.dead_letters, 1);
    test.pass(24 * 60 * 60);
    assert_eq!(forgetful.load().await.dead_letters, 0);
    assert_eq!(
        test.job(&zip).await.failure.expect("why").reason,
        "WORKER_LOST"
    );
}

async fn two_workers_do_not_get_the_same_task(test: TestJobs) {
    test.create(job_of(100)).await.expect("created");
    let offered = test.offered(100).await;
    let takes = ["w-1", "w-2", "w-3", "w-4"].map(|worker| test.take(worker, &offered));
    let taken = futures_util::future::join_all(takes).await.concat();
    let mut ids: Vec<_> = taken.iter().map(|task| &task.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), taken.len()), (100, 100));
}

async fn an_answer_that_was_lost_costs_no_attempt(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    let lost = test.take_next("w-1", 1).await.remove(0);
    let id = lost.id.parse().expect("an id");
    test.pass(20);
    assert_eq!(test.take("w-2", &[id]).await, [], "it is another's");
    // The worker never heard of it, and asks again; in one call it gets it once.
    let again = test.take("w-1", &[id, id]).await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].attempt, 1);
    assert_ne!(again[0].lease, lost.lease);
    assert_eq!(
        test.finish(vec![done(&lost)]).await,
        [lost.id.as_str()],
        "nobody has that lease"
    );
    // Much later the same name is a worker that was started again.
    test.pass(10);
    assert_eq!(test.take("w-1", &[id]).await, []);
    assert_eq!(test.finish(vec![done(&again[0])]).await, [""; 0]);
    assert_eq!(test.job(&job.id).await.state(), JobState::Succeeded);
}

async fn what_is_given_back_does_not_count_as_an_attempt(test: TestJobs) {
    let job = test.create(job_of(1)).await.expect("created");
    for _ in 0..10 {
        let taken = test.take_next("w-1", 1).await;
        assert_eq!(taken[0].attempt, 1);
        test.finish(vec![given_back(&taken[0], None)]).await;
    }
    let taken = test.take_next("w-1", 1).await;
    test.finish(vec![given_back(&taken[0], Some(60))]).await;
    let id = taken[0].id.parse().expect("an id");
    assert_eq!(test.take("w-1", &[id]).await, []);
    let item = &test.items(&job.id).await[0];
    assert_eq!((item.attempts, &item.failure), (0, &None));
    test.pass(60);
    assert_eq!(test.take_next("w-1", 1).await[0].id, taken[0].id);
}
