use std::{pin::pin, time::Duration};

use futures_util::poll;
use jiff::SignedDuration;
use pupila_core::{ImageId, ManualClock, UserId};
use pupila_db::{Database, TestDatabase};
use pupila_queue::QueueConfig;

use super::{
    super::{JobStore as _, sql::SqlJobs},
    *,
};
use crate::{
    jobs::{Draft, NewItem, NewJob, Source},
    open_store,
};

const NOON: &str = "2026-11-23T12:00:00Z";
/// Longer than anything takes that waits for nobody.
const PATIENCE: Duration = Duration::from_secs(20);

fn noon() -> ManualClock {
    ManualClock::at(NOON.parse().expect("a time"))
}

/// A job of so many images.
async fn job_of<DB: Dialect>(jobs: &SqlJobs<DB>, count: u32, clock: &ManualClock) -> Draft {
    let image = |n| NewItem {
        filename: format!("{n}.png"),
        image: Ok(ImageId::from_uuid(Uuid::nil())),
    };
    let new = NewJob {
        name: "tórax".to_owned(),
        steps: Vec::new(),
        source: Source::Items((0..count).map(image).collect()),
        silent: false,
        priority: None,
    };
    let draft = new.draft(clock.now(), UserId::LOCAL, None);
    let share = QueueConfig::default().share();
    let created = jobs.create(std::slice::from_ref(&draft), share).await;
    created.expect("created");
    draft
}

/// Watchers of all jobs look back ten seconds.
async fn a_change_is_dated_when_its_rows_are_held<DB: Dialect>(pools: &Pools<DB>) {
    let (jobs, clock) = (SqlJobs::new(pools.clone()), noon());
    let id = job_of(&jobs, 1, &clock).await.job.id;
    let mut other = pools.transaction().await.expect("begun");
    let held = lock_jobs::<DB>(&mut other, vec![id.as_uuid()]).await;
    held.expect("somebody has it");

    let mut cancelling = pin!(jobs.cancel(id, &clock));
    assert!(poll!(&mut cancelling).is_pending());
    clock.advance(SignedDuration::from_secs(12));
    other.rollback().await.expect("given back");
    cancelling.await.expect("called off");
    let cancelled = jobs.find(UserId::LOCAL, id).await.expect("read");
    let cancelled = cancelled.expect("it is there");
    assert_eq!(cancelled.state, JobState::Cancelled);
    assert_eq!(cancelled.update_time, clock.now());
}

#[tokio::test]
async fn sqlite_dates_a_change_when_its_rows_are_held() {
    let test = TestDatabase::sqlite().await;
    open_store(&test.database).await.expect("migrated");
    let Database::Sqlite(pools) = &test.database else {
        panic!("this is SQLite")
    };
    a_change_is_dated_when_its_rows_are_held(pools).await;
}

#[tokio::test]
async fn mysql_dates_a_change_when_its_rows_are_held() {
    let test = TestDatabase::mysql().await;
    open_store(&test.database).await.expect("migrated");
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    a_change_is_dated_when_its_rows_are_held(pools).await;
}

/// Each of three jobs is of so many images.
const IMAGES: u32 = 200;

/// On SQLite whoever writes is alone anyway.
#[tokio::test]
async fn mysql_holds_one_job_and_nothing_of_others() {
    let test = TestDatabase::mysql().await;
    open_store(&test.database).await.expect("migrated");
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    let (jobs, clock) = (SqlJobs::new(pools.clone()), noon());
    let before = job_of(&jobs, IMAGES, &clock).await;
    let large = job_of(&jobs, IMAGES, &clock).await.job.id;
    let after = job_of(&jobs, IMAGES, &clock).await;
    let tasks: Vec<_> = before.tasks.iter().chain(&after.tasks).collect();
    let tasks: Vec<_> = tasks.into_iter().map(|task| task.id).collect();
    let mut other = pools.transaction().await.expect("begun");
    let whose = Whose::Tasks(&tasks);
    let held = lock_tasks::<sqlx::MySql>(&mut other, whose).await;
    assert_eq!(held.expect("somebody has them").len(), tasks.len());

    let share = QueueConfig::default().share();
    let freely = async {
        jobs.cancel(large, &clock).await?;
        jobs.retry(large, &clock, share).await
    };
    let done = tokio::time::timeout(PATIENCE, freely).await;
    // Before anything is said of it: nobody could drop the tables meanwhile.
    other.rollback().await.expect("given back");
    let done = done.expect("nobody is waited for");
    done.expect("called off, and asked for once more");
}
