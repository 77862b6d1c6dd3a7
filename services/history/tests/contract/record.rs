//! What is recorded comes back, to its caller only.

use std::{fs, sync::Arc};

use pupila_core::{ImageId, PredictionId};
use pupila_db::{Database, DatabaseConfig};
use pupila_history::{LabelScore, PredictionFilter, open_store};
use secrecy::ExposeSecret as _;
use tokio::task::JoinSet;

use crate::fixtures::{ANA, LUIS, TestStore, at, prediction};

crate::on_every_engine!(
    every_field_comes_back_as_it_was,
    the_widest_values_fit,
    a_model_of_ten_thousand_labels_is_recorded_whole,
    a_stranger_sees_nothing,
    what_was_never_recorded_is_not_found,
    the_same_id_is_not_recorded_twice,
    thirty_two_writers_all_succeed,
    replicas_that_start_at_once_migrate_once,
    records_are_there_after_a_restart,
);

async fn every_field_comes_back_as_it_was(test: TestStore) {
    let mut odd = prediction(at(0));
    odd.content.filename =
        "tórax 🫁 'final'; DROP TABLE predictions; -- \\ \" % \u{202e}.jpeg".into();
    odd.content.output.label = "Neumonía 🫁".to_owned();
    odd.content.output.positive_score = None;
    // Neighbours in binary64, which only an exact path keeps apart.
    odd.content.output.score = 0.1 + 0.2;
    odd.content.output.scores[0].score = f64::MIN_POSITIVE / 3.0;
    odd.content.output.scores[1].score = 1.0 - f64::EPSILON / 2.0;
    odd.content.parameters = [
        ("threshold".to_owned(), 1.0 / 3.0),
        ("gain".to_owned(), -1.797_693_134_862_315_7e308),
    ]
    .into();
    odd.content.image.id = Some(ImageId::new(at(0)));
    odd.content.replay_of = Some(PredictionId::new(at(0)));
    let odd = test.record(odd).await;
    let found = test.store.find(ANA, odd.id).await.expect("readable");
    assert_eq!(found, Some(odd.clone()));
    assert_eq!(test.list(&PredictionFilter::default()).await, [odd]);
}

async fn the_widest_values_fit(test: TestStore) {
    let mut wide = prediction(at(0));
    wide.content.filename = "🫁".repeat(255);
    wide.content.output.label = "🫁".repeat(255);
    wide.content.model.name = "🫁".repeat(100);
    wide.content.model.version = u32::MAX;
    wide.content.image.width = u32::MAX;
    wide.content.stage_times.infer_us = i64::MAX.unsigned_abs();
    let wide = test.record(wide).await;
    let found = test.store.find(ANA, wide.id).await.expect("readable");
    assert_eq!(found, Some(wide));
}

async fn a_model_of_ten_thousand_labels_is_recorded_whole(test: TestStore) {
    let mut large = prediction(at(0));
    large.content.output.scores = (0..10_000)
        .map(|n| LabelScore {
            label: format!("label {n}"),
            score: 1.0 / f64::from(n + 1),
        })
        .collect();
    let large = test.record(large).await;
    let found = test.store.find(ANA, large.id).await.expect("readable");
    assert_eq!(found, Some(large));
}

async fn a_stranger_sees_nothing(test: TestStore) {
    let hers = test.record(prediction(at(0))).await;
    let everything = PredictionFilter::default();
    let store = &test.store;
    assert_eq!(store.find(LUIS, hers.id).await.expect("readable"), None);
    let listing = store
        .list(LUIS, &everything, pupila_core::Page::LONGEST)
        .await;
    assert_eq!(listing.expect("readable").items, []);
    let statistics = store.statistics(LUIS, &everything).await.expect("counted");
    assert_eq!(statistics.total(), 0);
}

async fn what_was_never_recorded_is_not_found(test: TestStore) {
    let found = test.store.find(ANA, PredictionId::new(at(0))).await;
    assert_eq!(found.expect("readable"), None);
}

async fn the_same_id_is_not_recorded_twice(test: TestStore) {
    let first = test.record(prediction(at(0))).await;
    let mut second = first.clone();
    second.content.filename = "another.jpeg".to_owned();
    assert!(test.store.record(&second, None).await.is_err());
    let found = test.store.find(ANA, first.id).await.expect("readable");
    assert_eq!(found, Some(first));
}

async fn thirty_two_writers_all_succeed(test: TestStore) {
    const EACH: i64 = 20;
    let mut writers = JoinSet::new();
    for writer in 0..32 {
        let store = Arc::clone(&test.store);
        writers.spawn(async move {
            for n in 0..EACH {
                let prediction = prediction(at(writer * EACH + n));
                store.record(&prediction, None).await.expect("recorded");
                // Readers and writers do not wait for each other.
                let found = store.find(ANA, prediction.id).await.expect("readable");
                assert_eq!(found, Some(prediction));
            }
        });
    }
    writers.join_all().await;
    let everything = PredictionFilter::default();
    let statistics = test.store.statistics(ANA, &everything).await;
    assert_eq!(statistics.expect("counted").total(), 32 * 20);
}

async fn replicas_that_start_at_once_migrate_once(test: TestStore) {
    // A database that nobody has migrated yet.
    let fresh = match test.database.database {
        Database::MySql(_) => pupila_db::TestDatabase::mysql().await,
        Database::Sqlite(_) => pupila_db::TestDatabase::sqlite().await,
    };
    let mut replicas = JoinSet::new();
    for _ in 0..8 {
        let config = fresh.config.clone();
        replicas.spawn(async move {
            let database = Database::connect(&config).await.expect("reachable");
            open_store(&database).await.expect("migrated");
        });
    }
    replicas.join_all().await;
}

async fn records_are_there_after_a_restart(test: TestStore) {
    let recorded = test.record(prediction(at(0))).await;
    test.database.database.close().await;
    let database = Database::connect(&test.database.config).await;
    let store = open_store(&database.expect("reachable")).await;
    let found = store.expect("migrated").find(ANA, recorded.id).await;
    assert_eq!(found.expect("readable"), Some(recorded));
}

/// Takes what a killed process leaves, the file and its log, to another place.
#[tokio::test]
async fn a_sqlite_record_outlives_a_killed_process() {
    let alive = TestStore::sqlite().await;
    let recorded = alive.record(prediction(at(0))).await;
    let url = alive.database.config.url.as_ref().expect("a URL");
    let file = url.expose_secret().trim_start_matches("sqlite://");

    let elsewhere = tempfile::tempdir().expect("a folder");
    let copy = elsewhere.path().join("test.db");
    for end in ["", "-wal"] {
        let copied = fs::copy(format!("{file}{end}"), format!("{}{end}", copy.display()));
        assert!(copied.expect("copied") > 0);
    }
    let config = DatabaseConfig::at(format!("sqlite://{}", copy.display()));
    let database = Database::connect(&config).await.expect("whole");
    let store = open_store(&database).await.expect("migrated");
    let found = store.find(ANA, recorded.id).await.expect("readable");
    assert_eq!(found, Some(recorded));
}
