//! An account that goes takes its predictions with it.

use std::sync::Arc;

use pupila_core::{IdempotencyKey, ImageId, Page, SystemClock};
use pupila_history::{History, HistoryError, PredictionFilter};
use tokio::task::JoinSet;

use crate::fixtures::{ANA, LUIS, NOBODY, TestStore, at, prediction, prediction_of, review};

crate::on_every_engine!(
    nothing_of_an_erased_user_is_left,
    an_erasure_that_was_cut_off_goes_on,
    erasing_nobody_is_no_error,
    nothing_is_recorded_of_an_erased_user,
    what_is_on_its_way_is_erased_or_refused,
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

async fn nothing_is_recorded_of_an_erased_user(test: TestStore) {
    let image = ImageId::new(at(0));
    let before = test.record(prediction_of(image, at(0))).await;
    test.store.bar(ANA).await.expect("barred");
    for late in [prediction(at(1)), prediction_of(image, at(1))] {
        let error = test.store.record(&late, None).await;
        assert!(matches!(error, Err(HistoryError::Erased)), "{error:?}");
    }
    let late = review(&before, at(1), "PNEUMONIA");
    let error = test.store.review(&before, &late).await;
    assert!(matches!(error, Err(HistoryError::Erased)), "{error:?}");
    assert_eq!(test.list(&PredictionFilter::default()).await, [before]);

    // Everybody else goes on, and who never recorded anything is barred too.
    let mut his = prediction(at(2));
    his.caller = LUIS;
    let his = test.record(his).await;
    test.review(&his, review(&his, at(3), "NORMAL")).await;
    history(&test).erase(NOBODY).await.expect("erased");
    let mut first = prediction(at(4));
    first.caller = NOBODY;
    let error = test.store.record(&first, None).await;
    assert!(matches!(error, Err(HistoryError::Erased)), "{error:?}");
}

async fn what_is_on_its_way_is_erased_or_refused(test: TestStore) {
    let mut recorders = JoinSet::new();
    let (begun, mut beginning) = tokio::sync::mpsc::channel(1);
    for n in 0..8 {
        let (store, begun) = (Arc::clone(&test.store), begun.clone());
        recorders.spawn(async move {
            let mut second = 0;
            loop {
                let next = match n % 2 {
                    0 => prediction(at(second)),
                    _ => prediction_of(ImageId::new(at(second)), at(second)),
                };
                match store.record(&next, None).await {
                    Ok(before) => assert_eq!(before, None),
                    Err(HistoryError::Erased) => return second,
                    Err(error) => panic!("{error:?}"),
                }
                second += 1;
                let _ = begun.try_send(());
            }
        });
    }
    beginning.recv().await.expect("one is recorded");
    history(&test).erase(ANA).await.expect("erased");
    // What is there now was recorded behind the erasure's back, as was what comes after it.
    let recorded: i64 = recorders.join_all().await.into_iter().sum();
    assert!(recorded > 0);
    let everything = PredictionFilter::default();
    let left = test.store.statistics(ANA, &everything).await;
    assert_eq!(left.expect("counted").total(), 0);
}
