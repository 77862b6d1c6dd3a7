//! Creations that are repeated.

use std::sync::Arc;

use pupila_core::IdempotencyKey;
use pupila_history::PredictionFilter;
use tokio::task::JoinSet;

use crate::fixtures::{ANA, LUIS, TestStore, at, prediction, prediction_of, review};

crate::on_every_engine!(
    a_key_leads_to_what_it_recorded_first,
    a_key_is_its_callers_own,
    keys_differ_by_case,
    of_many_calls_with_one_key_one_records,
);

fn key(text: &str) -> IdempotencyKey {
    text.parse().expect("a key")
}

async fn a_key_leads_to_what_it_recorded_first(test: TestStore) {
    let (store, key) = (&test.store, key("k-1"));
    let found = store.find_by_key(ANA, &key).await;
    assert_eq!(found.expect("readable"), None);

    let image = pupila_core::ImageId::new(at(0));
    let first = prediction_of(image, at(0));
    let before = store.record(&first, Some(&key)).await;
    assert_eq!(before.expect("recorded"), None);
    let first = test.review(&first, review(&first, at(1), "NORMAL")).await;

    let again = prediction_of(image, at(2));
    let before = store.record(&again, Some(&key)).await;
    assert_eq!(before.expect("answered"), Some(first.clone()));
    let found = store.find_by_key(ANA, &key).await;
    assert_eq!(found.expect("readable"), Some(first.clone()));
    assert_eq!(test.list(&PredictionFilter::default()).await, [first]);
}

async fn a_key_is_its_callers_own(test: TestStore) {
    let (store, key) = (&test.store, key("k-1"));
    let hers = prediction(at(0));
    let mut his = prediction(at(0));
    his.caller = LUIS;
    for prediction in [&hers, &his] {
        let before = store.record(prediction, Some(&key)).await;
        assert_eq!(before.expect("recorded"), None);
    }
    let found = store.find_by_key(LUIS, &key).await;
    assert_eq!(found.expect("readable"), Some(his));
}

async fn keys_differ_by_case(test: TestStore) {
    for text in ["key", "Key"] {
        let before = test
            .store
            .record(&prediction(at(0)), Some(&key(text)))
            .await;
        assert_eq!(before.expect("recorded"), None, "{text}");
    }
}

async fn of_many_calls_with_one_key_one_records(test: TestStore) {
    let mut callers = JoinSet::new();
    for n in 0..32 {
        let store = Arc::clone(&test.store);
        callers.spawn(async move {
            let mine = prediction(at(n));
            let before = store.record(&mine, Some(&key("k-1"))).await;
            before.expect("answered").unwrap_or(mine)
        });
    }
    let answers = callers.join_all().await;
    let recorded = test.list(&PredictionFilter::default()).await;
    assert_eq!(recorded.len(), 1);
    for answer in answers {
        assert_eq!(answer.id, recorded[0].id);
    }
}
