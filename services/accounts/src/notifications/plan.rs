//! What is read of notifications is read along an index, in its order: no engine may sort, or read more than the page.

use jiff::Timestamp;
use pupila_core::{Cursor, Page, UserId};
use pupila_db::{Database, Dialect, Pools, Row, Statement, TestDatabase};
use uuid::Uuid;

use super::notification::{count_unread, listed, old};

/// A statement, the index that must serve it, and how SQLite and MySQL say that it does.
struct Question<DB: Dialect> {
    statement: Statement<DB>,
    index: &'static str,
    sqlite: &'static str,
    mysql: &'static str,
}

fn questions<DB: Dialect>(explain: &'static str) -> Vec<Question<DB>> {
    let page = Page::LONGEST.following(Cursor {
        key: Timestamp::now().as_microsecond(),
        id: Uuid::max(),
    });
    let explain = || Statement::new(explain);
    vec![
        Question {
            statement: listed(explain(), UserId::LOCAL, false, page),
            index: "notifications_by_user",
            sqlite: "(user_id=? AND create_time<?)",
            mysql: "range",
        },
        Question {
            statement: listed(explain(), UserId::LOCAL, true, page),
            index: "notifications_by_unread",
            sqlite: "(user_id=? AND unread=? AND create_time<?)",
            mysql: "range",
        },
        Question {
            statement: count_unread(explain(), UserId::LOCAL),
            index: "notifications_by_unread",
            sqlite: "(user_id=? AND unread=?)",
            mysql: "ref",
        },
        Question {
            statement: old(explain(), Timestamp::now()),
            index: "notifications_by_time",
            sqlite: "(create_time<?)",
            mysql: "range",
        },
    ]
}

async fn plan<DB: Dialect>(pools: &Pools<DB>, statement: Statement<DB>) -> Vec<Row<DB>> {
    let mut reader = pools.reader().await.expect("a connection");
    statement.fetch_all(&mut reader).await.expect("a plan")
}

async fn migrate(database: &Database) {
    let migrations = sqlx::migrate!("../../migrations/accounts");
    database.migrate(&migrations).await.expect("migrated");
}

#[tokio::test]
async fn sqlite_reads_along_indexes() {
    let test = TestDatabase::sqlite().await;
    migrate(&test.database).await;
    let Database::Sqlite(pools) = &test.database else {
        panic!("this is SQLite")
    };
    for question in questions("EXPLAIN QUERY PLAN ") {
        let steps = plan(pools, question.statement).await;
        assert_eq!(steps.len(), 1, "a second step sorts");
        let step: String = steps[0].get("detail").expect("a step");
        let (index, range) = (question.index, question.sqlite);
        assert!(step.contains(&format!("{index} {range}")), "{step}");
    }
}

#[tokio::test]
async fn mysql_reads_along_indexes() {
    let test = TestDatabase::mysql_for("accounts").await;
    migrate(&test.database).await;
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    for question in questions("EXPLAIN ") {
        let steps = plan(pools, question.statement).await;
        assert_eq!(steps.len(), 1);
        let told = |column| steps[0].get::<String>(column).expect("told");
        assert_eq!(
            (&*told("key"), &*told("type")),
            (question.index, question.mysql)
        );
        assert!(!told("Extra").contains("filesort"), "{}", told("Extra"));
    }
}
