//! Every page is read along an index, in its order: no engine may sort, or read more than the page.

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, Page, UserId};
use pupila_db::{Database, Dialect, Pools, Row, Statement, TestDatabase};
use uuid::Uuid;

use super::{open_store, row, select};
use crate::PredictionFilter;

/// A filter of every shape, and the index that must serve it.
fn questions() -> [(PredictionFilter, &'static str); 5] {
    let everything = PredictionFilter::default();
    let model = PredictionFilter {
        model: Some("pneumonia".to_owned()),
        ..everything.clone()
    };
    let scores = PredictionFilter {
        minimum_score: Some(0.5),
        from_time: Some(Timestamp::UNIX_EPOCH),
        ..everything.clone()
    };
    let label = PredictionFilter {
        label: Some("NORMAL".to_owned()),
        ..model.clone()
    };
    let image = PredictionFilter {
        image_sha256: Some(Digest::of(b"")),
        ..label.clone()
    };
    [
        (everything, "predictions_by_caller"),
        (scores, "predictions_by_caller"),
        (model, "predictions_by_caller_model"),
        (label, "predictions_by_caller_label"),
        (image, "predictions_by_caller_image"),
    ]
}

async fn explain<DB: Dialect>(
    explain: &'static str,
    pools: &Pools<DB>,
    filter: &PredictionFilter,
) -> Vec<Row<DB>> {
    let page = Page::LONGEST.following(Cursor {
        key: Timestamp::now().as_microsecond(),
        id: Uuid::max(),
    });
    let statement = Statement::<DB>::new(explain).push(row::SELECT);
    let statement = select::page(statement, UserId::LOCAL, filter, page);
    let mut reader = pools.reader().await.expect("a connection");
    statement.fetch_all(&mut reader).await.expect("a plan")
}

#[tokio::test]
async fn sqlite_reads_each_page_along_its_index() {
    let test = TestDatabase::sqlite().await;
    open_store(&test.database).await.expect("migrated");
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
        assert!(
            steps[0].contains(&format!("{index} (caller=?")),
            "{steps:?}"
        );
        assert!(steps[0].contains("create_time<?"), "{steps:?}");
    }
}

#[tokio::test]
async fn mysql_reads_each_page_along_its_index() {
    let test = TestDatabase::mysql().await;
    open_store(&test.database).await.expect("migrated");
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
