//! Predictions that are made again: the same call, and the same image with another model.

use pupila_core::{ErrorCode, PredictionId};
use pupila_proto::{history::v1 as proto, inference::v1 as inference};
use uuid::Uuid;

use crate::fixtures::{ANA, LUIS, TestHistory, disagreement, prediction, user};

#[tokio::test]
async fn a_repeated_call_finds_what_the_first_one_recorded() {
    let history = TestHistory::start().await;
    let error = history.find(&user(ANA), "k-1").await.expect_err("not yet");
    assert_eq!(error.reason, "PREDICTION_NOT_FOUND");
    let first = history.record_once(prediction(), "k-1").await;
    let first = first.expect("recorded");
    // Only what says how the answer came about is another.
    let again = proto::Prediction {
        request_id: "req-2".to_owned(),
        filename: "again.png".to_owned(),
        stage_times: Some(inference::StageTimes::default()),
        ..prediction()
    };
    let answered = history.record_once(again, "k-1").await.expect("answered");
    assert_eq!(answered, first);
    let found = history.find(&user(ANA), "k-1").await.expect("found");
    assert_eq!(found, first);
    let error = history.find(&user(LUIS), "k-1").await.expect_err("hers");
    assert_eq!(error.reason, "PREDICTION_NOT_FOUND");
}

#[tokio::test]
async fn a_key_is_not_used_for_two_questions() {
    let history = TestHistory::start().await;
    let first = history.record_once(prediction(), "k-1").await;
    let first = first.expect("recorded");
    let others = [
        proto::Prediction {
            image_sha256: "ef".repeat(32),
            ..prediction()
        },
        proto::Prediction {
            image_id: Uuid::from_u128(7).to_string(),
            ..prediction()
        },
        proto::Prediction {
            model: "digits".to_owned(),
            ..prediction()
        },
        proto::Prediction {
            version: 2,
            ..prediction()
        },
        proto::Prediction {
            parameters: [("threshold".to_owned(), 0.6)].into(),
            ..prediction()
        },
        proto::Prediction {
            replay_of: first.id.clone(),
            ..prediction()
        },
    ];
    for other in others {
        let error = history.record_once(other, "k-1").await;
        let error = error.expect_err("another question");
        assert_eq!(error.code, ErrorCode::Conflict);
        assert_eq!(error.reason, "IDEMPOTENCY_KEY_REUSED");
    }
}

#[tokio::test]
async fn without_a_key_each_call_records() {
    let history = TestHistory::start().await;
    let first = history.record(prediction()).await.expect("recorded");
    let second = history.record(prediction()).await.expect("recorded");
    assert_ne!(first.id, second.id);
}

#[tokio::test]
async fn a_replay_names_a_prediction_of_ones_own_and_of_the_same_image() {
    let history = TestHistory::start().await;
    let original = history.record(prediction()).await.expect("recorded");
    let replay = |of: &str| proto::Prediction {
        version: 2,
        replay_of: of.to_owned(),
        ..prediction()
    };
    let recorded = history.record(replay(&original.id)).await;
    assert_eq!(recorded.expect("recorded").replay_of, original.id);

    let elsewhere = proto::Prediction {
        image_sha256: "ef".repeat(32),
        ..replay(&original.id)
    };
    let error = history.record(elsewhere).await.expect_err("another image");
    assert_eq!(error.violations[0].field, "prediction/replay_of");

    let never = PredictionId::from_uuid(Uuid::from_u128(7)).to_string();
    let error = history.record(replay(&never)).await.expect_err("nothing");
    assert_eq!(error.reason, "PREDICTION_NOT_FOUND");

    let message = proto::RecordPredictionRequest {
        prediction: Some(replay(&original.id)),
        ..Default::default()
    };
    let call = history.call(&user(LUIS), message);
    let status = history.client.clone().record_prediction(call).await;
    let error = pupila_runtime::rpc::RpcError::from(status.expect_err("it is hers"));
    assert_eq!(error.reason, "PREDICTION_NOT_FOUND");
}

#[tokio::test]
async fn a_forged_review_is_not_recorded() {
    let history = TestHistory::start().await;
    let forged = proto::Prediction {
        review: Some(proto::Review {
            label: "NORMAL".to_owned(),
            ..Default::default()
        }),
        ..prediction()
    };
    let recorded = history.record(forged).await.expect("recorded");
    assert_eq!(recorded.review, None);
    let review = history
        .review(&user(ANA), disagreement(&recorded.id, "NORMAL"))
        .await;
    assert!(review.expect("reviewed").review.is_some());
}
