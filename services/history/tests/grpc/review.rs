//! What people say of predictions.

use pupila_core::ErrorCode;
use pupila_proto::history::v1 as proto;
use uuid::Uuid;

use crate::fixtures::{ANA, LUIS, TestHistory, disagreement, prediction, user};

#[tokio::test]
async fn a_review_is_named_and_dated_and_read_with_its_prediction() {
    let history = TestHistory::start().await;
    let recorded = history.record(prediction()).await.expect("recorded");
    let reviewed = history
        .review(&user(ANA), disagreement(&recorded.id, "NORMAL"))
        .await;
    let reviewed = reviewed.expect("reviewed");
    let review = reviewed.review.clone().expect("a review");
    assert_eq!(review.id.len(), 36);
    assert_eq!(review.create_time, recorded.create_time);
    assert_eq!(review.reviewer, ANA.to_string());
    assert_eq!(review.verdict(), proto::Verdict::Disagree);
    assert_eq!(review.label, "NORMAL");
    assert_eq!(review.comment, "seen by two");

    let expected = proto::Prediction {
        review: Some(review),
        ..recorded
    };
    assert_eq!(reviewed, expected);
    let found = history.get(&user(ANA), &expected.id).await;
    assert_eq!(found.expect("found"), expected);
    let filter = proto::PredictionFilter {
        reviewed: Some(true),
        ..Default::default()
    };
    let request = proto::ListPredictionsRequest {
        filter: Some(filter),
        ..Default::default()
    };
    let listed = history.list(request).await.expect("a page");
    assert_eq!(listed.predictions, [expected]);
}

#[tokio::test]
async fn who_agrees_takes_the_models_label() {
    let history = TestHistory::start().await;
    let recorded = history.record(prediction()).await.expect("recorded");
    let agreement = proto::ReviewPredictionRequest {
        id: recorded.id.clone(),
        verdict: proto::Verdict::Agree.into(),
        ..Default::default()
    };
    let reviewed = history.review(&user(ANA), agreement).await;
    let review = reviewed.expect("reviewed").review.expect("a review");
    assert_eq!(review.label, "PNEUMONIA");
}

#[tokio::test]
async fn a_stranger_says_nothing_of_a_prediction() {
    let history = TestHistory::start().await;
    let recorded = history.record(prediction()).await.expect("recorded");
    // Not even that the review itself is wrong is told.
    for label in ["NORMAL", "PNEUMONIA"] {
        let error = history
            .review(&user(LUIS), disagreement(&recorded.id, label))
            .await;
        let error = error.expect_err("it is hers");
        assert_eq!(error.code, ErrorCode::NotFound);
        assert_eq!(error.reason, "PREDICTION_NOT_FOUND");
    }
    let found = history.get(&user(ANA), &recorded.id).await.expect("found");
    assert_eq!(found.review, None);
}

#[tokio::test]
async fn images_are_found_by_the_right_label() {
    let history = TestHistory::start().await;
    let stored = |n| proto::Prediction {
        image_id: Uuid::from_u128(n).to_string(),
        ..prediction()
    };
    let mut recorded = Vec::new();
    for n in 1..=3 {
        recorded.push(history.record(stored(n)).await.expect("recorded"));
    }
    let wrong = disagreement(&recorded[1].id, "NORMAL");
    let reviewed = history.review(&user(ANA), wrong).await;
    reviewed.expect("reviewed");

    let mut request = proto::ListLabelledImagesRequest {
        label: "PNEUMONIA".to_owned(),
        page_size: 1,
        ..Default::default()
    };
    let mut pages = Vec::new();
    loop {
        let page = history.images(request.clone()).await.expect("a page");
        pages.extend(page.image_ids);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    pages.sort();
    let mut expected = [&recorded[0], &recorded[2]].map(|prediction| prediction.image_id.clone());
    expected.sort();
    assert_eq!(pages, expected);

    request.label = "NORMAL".to_owned();
    let page = history.images(request).await.expect("a page");
    assert_eq!(page.image_ids, [recorded[1].image_id.clone()]);
}
