//! An account that goes takes its predictions with it.

use std::sync::Arc;

use pupila_core::{ImageId, Page, SystemClock};
use pupila_history::{History, IdempotencyKey, PredictionFilter};

use crate::fixtures::{ANA, LUIS, TestStore, at, prediction, prediction_of, review};

crate::on_every_engine!(
    nothing_of_an_erased_user_is_left,
    an_erasure_that_was_cut_off_goes_on,
    erasing_nobody_is_no_error,
);

fn history(test: &TestStore) -> History {
    History::new(Arc::clone(&test.store), Arc::new(SystemClock))
}

async fn nothing_of_an_erased_user_is_left(test: TestStore) {
    let key: IdempotencyKey = "k-1".parse().expect("a key");
    let image = ImageId::new(at(0));
    let hers = prediction_of(image, at(0));
    let before = test.store.record(&hers, Some(&key)).await;
    assert_eq!(before.expect("recorded"), None);
    for second in 1..3 {
        test.review(&hers, review(&hers, at(second), "PNEUMONIA"))
            .await;
    }
    let mut his = prediction_of(image, at(0));
    his.caller = LUIS;
    let his = test.record(his).await;
    let his = test.review(&his, review(&his, at(1), "PNEUMONIA")).await;

    history(&test).erase(ANA).await.expect("erased");
    assert_eq!(test.find(hers.id).await, None);
    let found = test.store.find_by_key(ANA, &key).await;
    assert_eq!(found.expect("readable"), None);
    for filter in [
        PredictionFilter::default(),
        PredictionFilter {
            reviewed: Some(true),
            ..PredictionFilter::default()
        },
    ] {
        assert_eq!(test.list(&filter).await, [], "{filter:?}");
    }
    for (caller, left) in [(ANA, vec![]), (LUIS, vec![image])] {
        let images = test
            .store
            .labelled_images(caller, "PNEUMONIA", Page::LONGEST)
            .await;
        assert_eq!(images.expect("readable").items, left);
    }
    let found = test.store.find(LUIS, his.id).await;
    assert_eq!(found.expect("readable"), Some(his));
    // The key is free again.
    let before = test.store.record(&prediction(at(9)), Some(&key)).await;
    assert_eq!(before.expect("recorded"), None);
}

async fn an_erasure_that_was_cut_off_goes_on(test: TestStore) {
    // More than two batches of predictions, and one of reviews.
    for second in 0..1_100 {
        let recorded = test.record(prediction(at(second))).await;
        if second % 100 == 0 {
            test.review(&recorded, review(&recorded, at(second), "NORMAL"))
                .await;
        }
    }
    // The reviews, and the first of the predictions.
    for _ in 0..2 {
        assert!(test.store.erase_some(ANA).await.expect("erased"));
    }
    let everything = PredictionFilter::default();
    let left = test.store.statistics(ANA, &everything).await;
    assert_eq!(left.expect("counted").total(), 600);

    history(&test).erase(ANA).await.expect("erased");
    let left = test.store.statistics(ANA, &everything).await;
    assert_eq!(left.expect("counted").total(), 0);
}

async fn erasing_nobody_is_no_error(test: TestStore) {
    let hers = test.record(prediction(at(0))).await;
    assert!(!test.store.erase_some(LUIS).await.expect("nothing to do"));
    for _ in 0..2 {
        history(&test).erase(LUIS).await.expect("nothing to do");
    }
    assert_eq!(test.find(hers.id).await, Some(hers));
}
