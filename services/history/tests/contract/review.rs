//! What people say of predictions.

use std::sync::Arc;

use pupila_core::Page;
use pupila_history::{HistoryError, Prediction, PredictionFilter, Verdict};
use tokio::task::JoinSet;

use crate::fixtures::{TestStore, at, prediction, review};

crate::on_every_engine!(
    the_newest_review_counts,
    a_review_comes_back_as_it_was,
    reviews_at_the_same_moment_are_all_written,
    the_reviewed_are_listed_in_the_order_of_their_predictions,
    nothing_is_said_of_what_is_not_there,
);

fn reviewed(reviewed: bool) -> PredictionFilter {
    PredictionFilter {
        reviewed: Some(reviewed),
        ..PredictionFilter::default()
    }
}

async fn the_newest_review_counts(test: TestStore) {
    let recorded = test.record(prediction(at(0))).await;
    assert_eq!(recorded.review, None);
    test.review(&recorded, review(&recorded, at(9), "PNEUMONIA"))
        .await;
    // The one written last, though by a clock that is late.
    let last = test
        .review(&recorded, review(&recorded, at(5), "NORMAL"))
        .await;
    assert_eq!(test.find(recorded.id).await, Some(last.clone()));
    for filter in [PredictionFilter::default(), reviewed(true)] {
        let found = test.list(&filter).await;
        assert_eq!(found, std::slice::from_ref(&last), "{filter:?}");
    }
    let exported = test.export(PredictionFilter::default()).await;
    assert_eq!(exported.expect("a whole stream"), [last]);
}

async fn a_review_comes_back_as_it_was(test: TestStore) {
    let recorded = test.record(prediction(at(0))).await;
    let mut odd = review(&recorded, at(1), &"🫁".repeat(255));
    odd.comment = "it's \"the\" other; -- \\ % \n🫁 "
        .repeat(100)
        .chars()
        .take(2_000)
        .collect();
    assert_eq!(odd.verdict, Verdict::Disagree);
    let expected = test.review(&recorded, odd).await;
    assert_eq!(test.find(recorded.id).await, Some(expected));
}

async fn reviews_at_the_same_moment_are_all_written(test: TestStore) {
    let recorded = test.record(prediction(at(0))).await;
    let mut reviewers = JoinSet::new();
    for n in 0..32 {
        let store = Arc::clone(&test.store);
        let recorded = recorded.clone();
        reviewers.spawn(async move {
            let review = review(&recorded, at(n), "PNEUMONIA");
            store.review(&recorded, &review).await.expect("written");
        });
    }
    reviewers.join_all().await;
    let last = test.review(&recorded, review(&recorded, at(50), "NORMAL"));
    let last = last.await;
    assert_eq!(test.list(&reviewed(true)).await, [last]);
}

async fn the_reviewed_are_listed_in_the_order_of_their_predictions(test: TestStore) {
    let mut expected: Vec<Prediction> = Vec::new();
    for second in 0..6 {
        expected.insert(0, test.record(prediction(at(second / 2))).await);
    }
    expected.sort_by_key(|prediction| std::cmp::Reverse((prediction.create_time, prediction.id)));
    let left = expected.split_off(5);
    // In another order, and some of them twice.
    for n in [3, 0, 4, 1, 2, 0, 3] {
        let prediction = &mut expected[n];
        *prediction = test
            .review(prediction, review(prediction, at(60), "PNEUMONIA"))
            .await;
    }
    let mut page = Page::new(2, "").expect("valid");
    let mut seen = Vec::new();
    loop {
        let listing = test.page(&reviewed(true), page).await;
        seen.extend(listing.items);
        match listing.next {
            Some(last) => page = page.following(last),
            None => break,
        }
    }
    assert_eq!(seen, expected);
    assert_eq!(test.list(&reviewed(false)).await, left);
}

async fn nothing_is_said_of_what_is_not_there(test: TestStore) {
    let never = prediction(at(0));
    let said = review(&never, at(1), "NORMAL");
    let written = test.store.review(&never, &said).await;
    assert!(matches!(written, Err(HistoryError::NotFound(_))));
    assert_eq!(test.find(never.id).await, None);
}
