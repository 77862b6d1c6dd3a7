//! Every page of the record is read along an index, in its order: no engine may sort, or read more than the page.

use jiff::Timestamp;
use pupila_core::{Cursor, Page, UserId};
use pupila_db::{Database, Dialect, Pools, Row, Statement, TestDatabase};
use uuid::Uuid;

use super::{AuditFilter, row};

/// A filter of every shape, and the index that must serve it.
fn questions() -> [(AuditFilter, &'static str); 5] {
    let everything = AuditFilter::default();
    let times = AuditFilter {
        from_time: Some(Timestamp::UNIX_EPOCH),
        until_time: Some(Timestamp::now()),
        ..AuditFilter::default()
    };
    let actor = AuditFilter {
        actor: Some(UserId::LOCAL),
        ..AuditFilter::default()
    };
    let action = AuditFilter {
        action: Some("user.blocked".to_owned()),
        ..AuditFilter::default()
    };
    let both = AuditFilter {
        action: action.action.clone(),
        ..actor.clone()
    };
    [
        (everything, "audit_entries_by_time"),
        (times, "audit_entries_by_time"),
        (actor, "audit_entries_by_actor"),
        (action, "audit_entries_by_action"),
        (both, "audit_entries_by_actor_action"),
    ]
}

async fn explain<DB: Dialect>(
    explain: &'static str,
    pools: &Pools<DB>,
    filter: &AuditFilter,
) -> Vec<Row<DB>> {
    let page = Page::LONGEST.following(Cursor {
        key: Timestamp::now().as_microsecond(),
        id: Uuid::max(),
    });
    let statement = filter.page(Statement::<DB>::new(explain).push(row::SELECT), page);
    let mut reader = pools.reader().await.expect("a connection");
    statement.fetch_all(&mut reader).await.expect("a plan")
}

async fn migrate(database: &Database) {
    let migrations = sqlx::migrate!("../../migrations/accounts");
    database.migrate(&migrations).await.expect("migrated");
}

#[tokio::test]
async fn sqlite_reads_each_page_along_its_index() {
    let test = TestDatabase::sqlite().await;
    migrate(&test.database).await;
    let Database::Sqlite(pools) = &test.database else {
        panic!("this is SQLite")
    };
    for (filter, index) in questions() {
        let plan = explain("EXPLAIN QUERY PLAN ", pools, &filter).await;
        let steps: Vec<String> = plan
            .iter()
            .map(|step| step.get("detail").expect("a step"))
            .collect();
        assert_eq!(steps.len(), 1, "a second step sorts: {steps:?}");
        assert!(steps[0].contains(&format!("{index} (")), "{steps:?}");
        assert!(steps[0].contains("create_time<?"), "{steps:?}");
    }
}

#[tokio::test]
async fn mysql_reads_each_page_along_its_index() {
    let test = TestDatabase::mysql_for("accounts").await;
    migrate(&test.database).await;
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    for (filter, index) in questions() {
        let plan = explain("EXPLAIN ", pools, &filter).await;
        assert_eq!(plan.len(), 1);
        let told = |column| plan[0].get::<String>(column).expect("told");
        assert_eq!(told("key"), index);
        assert_eq!(told("type"), "range");
        assert!(!told("Extra").contains("filesort"), "{}", told("Extra"));
    }
}
