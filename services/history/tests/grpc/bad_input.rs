//! What cannot be is refused, by field.

use pupila_core::ErrorCode;
use pupila_proto::{history::v1 as proto, inference::v1 as inference};
use pupila_runtime::rpc::RpcError;

use crate::fixtures::{ANA, TestHistory, disagreement, prediction, user};

/// The fields that an error blames.
fn blamed(error: RpcError) -> Vec<String> {
    assert_eq!(error.code, ErrorCode::InvalidArgument, "{error}");
    assert_eq!(error.reason, "INVALID_ARGUMENT");
    let violations = error.violations.into_iter();
    violations.map(|violation| violation.field).collect()
}

#[tokio::test]
async fn every_field_that_cannot_be_is_blamed() {
    let history = TestHistory::start().await;
    let mut bad = prediction();
    bad.filename = "x".repeat(256);
    bad.image_width = 0;
    bad.version = 0;
    bad.parameters.insert("gain".to_owned(), f64::INFINITY);
    if let Some(times) = &mut bad.stage_times {
        times.queue_us = u64::MAX;
    }
    let kind = bad.output.as_mut().and_then(|output| output.kind.as_mut());
    if let Some(inference::output::Kind::Classification(classification)) = kind {
        classification.score = f64::NAN;
        classification.positive_score = Some(1.5);
        classification.scores[0].label = String::new();
    }
    let error = history.record(bad).await.expect_err("all wrong");
    let fields = [
        "filename",
        "image_width",
        "version",
        "parameters",
        "output/classification/score",
        "output/classification/positive_score",
        "output/classification/scores",
        "stage_times/queue_us",
    ];
    assert_eq!(
        blamed(error),
        fields.map(|field| format!("prediction/{field}"))
    );
}

#[tokio::test]
async fn what_is_missing_or_malformed_is_blamed() {
    let history = TestHistory::start().await;
    for (bad, field) in [
        (
            proto::Prediction {
                output: None,
                ..prediction()
            },
            "output",
        ),
        (
            proto::Prediction {
                request_id: "a b".into(),
                ..prediction()
            },
            "request_id",
        ),
        (
            proto::Prediction {
                image_sha256: "xyz".into(),
                ..prediction()
            },
            "image_sha256",
        ),
        (
            proto::Prediction {
                model_sha256: String::new(),
                ..prediction()
            },
            "model_sha256",
        ),
        (
            proto::Prediction {
                image_id: "42".into(),
                ..prediction()
            },
            "image_id",
        ),
        (
            proto::Prediction {
                replay_of: "42".into(),
                ..prediction()
            },
            "replay_of",
        ),
    ] {
        let error = history.record(bad).await.expect_err(field);
        assert_eq!(blamed(error), [format!("prediction/{field}")]);
    }
    let error = history.get(&user(ANA), "42").await.expect_err("not a UUID");
    assert_eq!(blamed(error), ["id"]);
}

#[tokio::test]
async fn a_filter_that_nothing_can_pass_is_refused() {
    let history = TestHistory::start().await;
    let second = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    let filter = proto::PredictionFilter {
        model: Some(String::new()),
        version: Some(0),
        minimum_score: Some(0.9),
        maximum_score: Some(0.1),
        from_time: second(1),
        until_time: second(0),
        ..Default::default()
    };
    let request = proto::ListPredictionsRequest {
        filter: Some(filter),
        ..Default::default()
    };
    let fields = ["model", "version", "maximum_score", "until_time"];
    let error = history.list(request).await.expect_err("all wrong");
    assert_eq!(
        error.message,
        "model: must have from 1 to 100 characters; version: must be at least 1; \
         maximum score: must not be less than the minimum; until time: must not be before the earliest"
    );
    assert_eq!(blamed(error), fields.map(|field| format!("filter/{field}")));

    for (filter, field) in [
        (
            proto::PredictionFilter {
                from_time: second(i64::MAX),
                ..Default::default()
            },
            "from_time",
        ),
        (
            proto::PredictionFilter {
                image_id: Some(String::new()),
                ..Default::default()
            },
            "image_id",
        ),
    ] {
        let request = proto::ListPredictionsRequest {
            filter: Some(filter),
            ..Default::default()
        };
        let error = history.list(request).await.expect_err(field);
        assert_eq!(blamed(error), [format!("filter/{field}")]);
    }
}

#[tokio::test]
async fn a_made_up_page_is_refused() {
    let history = TestHistory::start().await;
    let request = proto::ListPredictionsRequest {
        page_token: "made up".to_owned(),
        ..Default::default()
    };
    let error = history.list(request).await.expect_err("made up");
    assert_eq!(blamed(error), ["page_token"]);
}

#[tokio::test]
async fn a_key_that_cannot_be_is_refused() {
    let history = TestHistory::start().await;
    for key in ["a b", "ñ", &"k".repeat(201)] {
        let error = history.record_once(prediction(), key).await;
        assert_eq!(blamed(error.expect_err(key)), ["idempotency_key"]);
    }
    let error = history.find(&user(ANA), "").await.expect_err("no key");
    assert_eq!(blamed(error), ["idempotency_key"]);
}

#[tokio::test]
async fn a_review_that_cannot_be_is_refused() {
    let history = TestHistory::start().await;
    let recorded = history.record(prediction()).await.expect("recorded");
    let sound = || disagreement(&recorded.id, "NORMAL");
    let longest = "🫁".repeat(255);
    let too_long = "🫁".repeat(256);
    for (label, refused) in [
        (longest.as_str(), false),
        (&too_long, true),
        ("", true),
        (" NORMAL", true),
        ("a\nb", true),
        // What the model said.
        ("PNEUMONIA", true),
    ] {
        let review = history
            .review(&user(ANA), disagreement(&recorded.id, label))
            .await;
        match review {
            Ok(_) => assert!(!refused, "{label}"),
            Err(error) => assert_eq!(blamed(error), ["label"], "{label}"),
        }
    }
    let everything = proto::ReviewPredictionRequest {
        verdict: proto::Verdict::Agree.into(),
        comment: "x".repeat(2_001),
        ..sound()
    };
    let error = history.review(&user(ANA), everything).await;
    assert_eq!(blamed(error.expect_err("all wrong")), ["label", "comment"]);
    for verdict in [0, 99] {
        let review = proto::ReviewPredictionRequest { verdict, ..sound() };
        let error = history.review(&user(ANA), review).await;
        assert_eq!(blamed(error.expect_err("no verdict")), ["verdict"]);
    }
}

#[tokio::test]
async fn images_without_a_label_are_not_listed() {
    let history = TestHistory::start().await;
    let error = history.images(proto::ListLabelledImagesRequest::default());
    assert_eq!(blamed(error.await.expect_err("no label")), ["label"]);
    let request = proto::ListLabelledImagesRequest {
        label: "NORMAL".to_owned(),
        page_size: 201,
        ..Default::default()
    };
    let error = history.images(request).await.expect_err("too many");
    assert_eq!(blamed(error), ["page_size"]);
}
