//! Whatever is asked often is read along an index: no engine may sort, or read more than is asked for. What locks rows or
//! changes them finds no rows but those: InnoDB locks all that a statement comes past, and whoever has to do with those waits.

use jiff::Timestamp;
use pupila_core::{Cursor, JobId, LeaseId, Page, TaskId, UserId};
use pupila_db::{Database, Dialect, Pools, Row, Statement, TestDatabase};
use pupila_queue::{Priority, Ticket};
use uuid::Uuid;

use super::{
    backlog,
    due::{self, Stretch},
    hold,
    hold::Whose,
    job_row, read,
    sleepers::{self, Sleeper},
    task_row, tidy, upkeep,
    write::{self, TaskChange},
};
use crate::{
    jobs::{JobState, Leased, Task, TaskState, Work},
    open_store,
    store::caller,
};

/// As many as go together.
const MANY: u128 = 512;

/// A statement with the index that must serve it.
type Question<DB> = (Statement<DB>, &'static str);

/// What reads pages.
fn pages<DB: Dialect>() -> Vec<Question<DB>> {
    let page = Page::LONGEST.following(Cursor {
        key: 7,
        id: Uuid::max(),
    });
    let jobs = || Statement::<DB>::new(job_row::COLUMNS);
    let tasks = || Statement::<DB>::new(task_row::COLUMNS);
    let (owner, job, now) = (
        UserId::LOCAL,
        JobId::from_uuid(Uuid::nil()),
        Timestamp::now(),
    );
    let stretch = Stretch {
        state: JobState::Queued,
        after: page.after(),
        until: now,
        at_most: 500,
    };
    let ids = Statement::<DB>::new("SELECT id");
    let failed = Some(JobState::Failed);
    vec![
        (
            read::page_of_jobs(jobs(), owner, None, page),
            "jobs_by_owner",
        ),
        (
            read::page_of_jobs(jobs(), owner, failed, page),
            "jobs_by_owner_state",
        ),
        (
            read::page_of_items(tasks(), job, None, page),
            "tasks_by_position",
        ),
        (
            read::page_of_items(tasks(), job, failed, page),
            "tasks_by_position",
        ),
        (backlog::counting(owner), "jobs_by_owner_state"),
        (
            tidy::past(ids, JobState::Running, now, 500),
            "tasks_by_next_time",
        ),
        (due::select("SELECT id", stretch), "tasks_by_next_time"),
    ]
}

/// What locks or changes rows.
fn changes<DB: Dialect>() -> Vec<Question<DB>> {
    let now = Timestamp::now();
    let job = JobId::from_uuid(Uuid::nil());
    let uuids: Vec<_> = (0..MANY).map(Uuid::from_u128).collect();
    let ids: Vec<_> = uuids.iter().copied().map(TaskId::from_uuid).collect();
    let waiting: Vec<_> = ids.iter().map(|id| sleeper(*id, now)).collect();
    let leased = |task: &TaskId| Leased {
        task: *task,
        lease: LeaseId::from_uuid(Uuid::nil()),
    };
    let leased: Vec<_> = ids.iter().map(leased).collect();
    let ended = TaskChange::of(Task {
        id: ids[0],
        job,
        work: Work::Unpack,
        state: TaskState::Succeeded { end: now },
        attempts: 1,
        create_time: now,
        start_time: None,
        revision: 1,
    });
    let open = [JobState::Queued, JobState::Running];
    let callers = uuids.iter().copied().map(UserId::from_uuid).collect();
    vec![
        (caller::locking(&callers), "PRIMARY"),
        (hold::jobs(uuids.clone()), "PRIMARY"),
        (hold::tasks(Whose::Tasks(&ids)), "PRIMARY"),
        (hold::tasks(Whose::Job(job, &open)), "tasks_by_position"),
        (write::forget_notices(job), "tasks_by_position"),
        (ended.update(&uuids), "PRIMARY"),
        (sleepers::claim(&waiting, now, now), "PRIMARY"),
        (upkeep::until_then(&leased, now), "PRIMARY"),
        (tidy::leave(&uuids, JobState::Failed, now), "PRIMARY"),
    ]
}

fn sleeper(task: TaskId, now: Timestamp) -> Sleeper {
    Sleeper {
        ticket: Ticket {
            task,
            owner: UserId::LOCAL,
            priority: Priority::Batch,
        },
        due: now,
        wake: now,
    }
}

async fn plan<DB: Dialect>(
    pools: &Pools<DB>,
    statement: Statement<DB>,
    explain: &'static str,
) -> Vec<Row<DB>> {
    let mut reader = pools.reader().await.expect("a connection");
    let explained = statement.explained(explain);
    explained.fetch_all(&mut reader).await.expect("a plan")
}

#[tokio::test]
async fn sqlite_goes_along_the_indexes() {
    let test = TestDatabase::sqlite().await;
    open_store(&test.database).await.expect("migrated");
    let Database::Sqlite(pools) = &test.database else {
        panic!("this is SQLite")
    };
    // It locks no rows: for what changes them any index will do.
    let changes = changes().into_iter().map(|(change, _)| (change, ""));
    for (statement, index) in pages().into_iter().chain(changes) {
        let plan = plan(pools, statement, "EXPLAIN QUERY PLAN ").await;
        let steps: Vec<String> = plan
            .iter()
            .map(|step| step.get("detail").expect("a step"))
            .collect();
        assert!(steps[0].contains(&format!("INDEX {index}")), "{steps:?}");
        let costly = |step: &String| step.starts_with("SCAN") || step.contains("B-TREE");
        assert!(!steps.iter().any(costly), "{steps:?}");
    }
}

#[tokio::test]
async fn mysql_goes_along_the_indexes() {
    let test = TestDatabase::mysql().await;
    open_store(&test.database).await.expect("migrated");
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    for (statement, index) in pages().into_iter().chain(changes()) {
        let plan = plan(pools, statement, "EXPLAIN ").await;
        let told = |step: &Row<_>, column| step.get::<Option<String>>(column).expect("told");
        assert_eq!(told(&plan[0], "key").as_deref(), Some(index));
        for step in &plan {
            let extra = told(step, "Extra").unwrap_or_default();
            assert!(!extra.contains("filesort"), "{index}: {extra}");
            assert!(!extra.contains("temporary"), "{index}: {extra}");
            let kind = told(step, "type");
            assert!(!matches!(kind.as_deref(), Some("ALL" | "index")), "{index}");
        }
    }
}
