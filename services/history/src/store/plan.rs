//! Every page is read along an index, in its order: no engine may sort, or read more than the page.

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, ImageId, Page, UserId};
use pupila_db::{Database, Dialect, Pools, Row, Statement, TestDatabase};
use uuid::Uuid;

use super::{image_label, open_store, row, select};
use crate::PredictionFilter;

/// A filter of every shape, and the index that must serve it.
fn questions() -> [(PredictionFilter, &'static str); 9] {
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
    let unreviewed = PredictionFilter {
        reviewed: Some(false),
        ..label.clone()
    };
    let reviewed = PredictionFilter {
        reviewed: Some(true),
        ..label.clone()
    };
    let image = PredictionFilter {
        image_sha256: Some(Digest::of(b"")),
        ..label.clone()
    };
    let stored_image = PredictionFilter {
        image_id: Some(ImageId::from_uuid(Uuid::nil())),
        ..image.clone()
    };
    let reviewed_image = PredictionFilter {
        reviewed: Some(true),
        ..stored_image.clone()
    };
    [
        (everything, "predictions_by_caller"),
        (scores, "predictions_by_caller"),
        (model, "predictions_by_caller_model"),
        (label, "predictions_by_caller_label"),
        (unreviewed, "predictions_by_caller_label"),
        (reviewed, "reviews_by_reviewer"),
        (image, "predictions_by_caller_image"),
        (stored_image, "predictions_by_caller_image_id"),
        (reviewed_image, "predictions_by_caller_image_id"),
    ]
}

/// A page in the middle.
fn page() -> Page {
    Page::LONGEST.following(Cursor {
        key: Timestamp::now().as_microsecond(),
        id: Uuid::max(),
    })
}

/// The plans of every page that can be asked for, each with the index that must serve it.
async fn plans<DB: Dialect>(
    explain: &'static str,
    pools: &Pools<DB>,
) -> Vec<(Vec<Row<DB>>, &'static str)> {
    let caller = UserId::LOCAL;
    let predictions = questions().map(|(filter, index)| {
        let select = Statement::<DB>::new(explain).push(row::COLUMNS);
        (select::page(select, caller, &filter, page()), index)
    });
    let select = Statement::<DB>::new(explain).push(image_label::SELECT);
    let images = image_label::page(select, caller, "NORMAL", page());

    let mut reader = pools.reader().await.expect("a connection");
    let mut plans = Vec::new();
    for (statement, index) in predictions
        .into_iter()
        .chain([(images, "image_labels_by_caller_label")])
    {
        let plan = statement.fetch_all(&mut reader).await.expect("a plan");
        plans.push((plan, index));
    }
    plans
}

#[tokio::test]
async fn sqlite_reads_each_page_along_its_index() {
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
        assert!(steps[0].contains("time<?"), "{steps:?}");
        let costly = |step: &String| step.starts_with("SCAN") || step.contains("B-TREE");
        assert!(!steps.iter().any(costly), "{steps:?}");
    }
}

#[tokio::test]
async fn mysql_reads_each_page_along_its_index() {
    let test = TestDatabase::mysql().await;
    open_store(&test.database).await.expect("migrated");
    let Database::MySql(pools) = &test.database else {
        panic!("this is MySQL")
    };
    for (plan, index) in plans("EXPLAIN ", pools).await {
        let told = |step: &Row<_>, column| step.get::<Option<String>>(column).expect("told");
        assert_eq!(told(&plan[0], "key").as_deref(), Some(index));
        assert_eq!(told(&plan[0], "type").as_deref(), Some("range"), "{index}");
        for step in &plan {
            let extra = told(step, "Extra").unwrap_or_default();
            assert!(!extra.contains("filesort"), "{index}: {extra}");
            assert!(!extra.contains("temporary"), "{index}: {extra}");
            let kind = told(step, "type");
            assert!(!matches!(kind.as_deref(), Some("ALL" | "index")), "{index}");
        }
    }
}
