//! Whatever is asked often is read along an index: no engine may sort, or read more than is asked for.

use jiff::Timestamp;
use pupila_core::{Cursor, JobId, Page, TaskId, UserId};
use pupila_db::{Database, Dialect, Pools, Row, Statement, TestDatabase};
use pupila_queue::{Priority, Ticket};
use uuid::Uuid;

use super::{Sleeper, job_row, read, task_row, tidy, upkeep};
use crate::{jobs::JobState, open_store};

/// Each question with the index that must serve it.
fn questions<DB: Dialect>(explain: &'static str) -> Vec<(Statement<DB>, &'static str)> {
    let page = Page::LONGEST.following(Cursor {
        key: 7,
        id: Uuid::max(),
    });
    let jobs = || Statement::<DB>::new(explain).push(job_row::COLUMNS);
    let tasks = || Statement::<DB>::new(explain).push(task_row::COLUMNS);
    let owner = UserId::LOCAL;
    let job = JobId::from_uuid(Uuid::nil());
    let now = Timestamp::now();
    let sleeper = Sleeper {
        ticket: Ticket {
            task: TaskId::from_uuid(Uuid::nil()),
            owner,
            priority: Priority::Batch,
        },
        due: now,
        wake: now,
    };
    let ids = || Statement::<DB>::new(explain).push("SELECT id");
    let sleepers = || Statement::<DB>::new(explain).push(upkeep::SLEEPER);
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
        (
            tidy::past(ids(), JobState::Running, now, 500),
            "tasks_by_next_time",
        ),
        (
            upkeep::sleepers(sleepers(), Some(&sleeper), now, 500),
            "tasks_by_next_time",
        ),
    ]
}

async fn plans<DB: Dialect>(
    explain: &'static str,
    pools: &Pools<DB>,
) -> Vec<(Vec<Row<DB>>, &'static str)> {
    let mut reader = pools.reader().await.expect("a connection");
    let mut plans = Vec::new();
    for (statement, index) in questions::<DB>(explain) {
        let plan = statement.fetch_all(&mut reader).await.expect("a plan");
        plans.push((plan, index));
    }
    plans
}

#[tokio::test]
async fn sqlite_reads_along_the_indexes() {
    let test = TestDatabase::sqlite().await;
    open_store(&test.database).await.expect("migrated");
    let Database::Sqlite(pools) = &test.database else {
        panic!("this is SQLite")
    };
    for (plan, index) in plans("EXPLAIN QUERY PLAN ", pools).await {
        let steps: Vec<String> = plan
            .iter()
            .map(|step| step.get("detail").expect("a step"))
            .collect();
        assert!(steps[0].contains(&format!("INDEX {index} (")), "{steps:?}");
        let costly = |step: &String| step.starts_with("SCAN") || step.contains("B-TREE");
        assert!(!steps.iter().any(costly), "{steps:?}");
    }
}

#[tokio::test]
async fn mysql_reads_along_the_indexes() {
    let test = TestDatabase::mysql().await;
    open_store(&test.database).await.expect("migrated");
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    for (plan, index) in plans("EXPLAIN ", pools).await {
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
