//! Counts.

use jiff::{Timestamp, civil::date};
use pupila_core::{Digest, ImageId};
use pupila_history::{DayCount, LabelCount, ModelCount, PredictionFilter, Statistics};
use uuid::Uuid;

use crate::fixtures::{ANA, TestStore, at, prediction, review};

crate::on_every_engine!(
    predictions_are_counted_by_model_label_and_day,
    only_what_passes_the_filter_is_counted,
    what_nobody_reviewed_is_counted_by_itself,
    nothing_is_counted_where_nothing_is,
);

/// Three predictions of two models, one microsecond before midnight, at midnight, and a day later.
async fn three(test: &TestStore) {
    let time = |text: &str| text.parse::<Timestamp>().expect("a time");
    let mut first = prediction(time("2026-11-22T23:59:59.999999Z"));
    first.content.stage_times.infer_us = 100;
    let mut second = prediction(time("2026-11-23T00:00:00Z"));
    second.content.stage_times.infer_us = 201;
    second.content.output.label = "PNEUMONIA".to_owned();
    second.content.output.score = 0.5;
    second.content.image.sha256 = Digest::of(b"another image");
    let mut third = prediction(time("2026-11-24T12:00:00Z"));
    third.content.model.name = "digits".to_owned();
    third.content.output.score = 1.0;
    second.content.image.id = Some(ImageId::from_uuid(Uuid::from_u128(7)));
    for prediction in [&first, &second, &third] {
        test.record(prediction.clone()).await;
    }
    // Twice, and for a label that is not counted: statistics are about what was predicted.
    for label in ["NORMAL", "FRACTURE"] {
        test.review(&second, review(&second, at(0), label)).await;
    }
}

async fn statistics(test: &TestStore, filter: PredictionFilter) -> Statistics {
    let statistics = test.store.statistics(ANA, &filter).await;
    statistics.expect("counted")
}

fn model(model: &str, count: u64, mean_infer_us: f64) -> ModelCount {
    ModelCount {
        model: model.to_owned(),
        version: 1,
        count,
        mean_infer_us,
    }
}

fn label(model: &str, label: &str, mean_score: f64) -> LabelCount {
    LabelCount {
        model: model.to_owned(),
        label: label.to_owned(),
        count: 1,
        mean_score,
    }
}

async fn predictions_are_counted_by_model_label_and_day(test: TestStore) {
    three(&test).await;
    let counted = statistics(&test, PredictionFilter::default()).await;
    assert_eq!(counted.total(), 3);
    assert_eq!(
        counted.models,
        [model("digits", 1, 500.0), model("pneumonia", 2, 150.5)]
    );
    assert_eq!(
        counted.labels,
        [
            label("digits", "NORMAL", 1.0),
            label("pneumonia", "NORMAL", 0.75),
            label("pneumonia", "PNEUMONIA", 0.5),
        ]
    );
    let days = [22, 23, 24].map(|day| DayCount {
        date: date(2026, 11, day),
        count: 1,
    });
    assert_eq!(counted.days, days);
}

async fn only_what_passes_the_filter_is_counted(test: TestStore) {
    three(&test).await;
    let any = PredictionFilter::default;
    for filter in [
        PredictionFilter {
            label: Some("PNEUMONIA".into()),
            ..any()
        },
        PredictionFilter {
            image_sha256: Some(Digest::of(b"another image")),
            ..any()
        },
        PredictionFilter {
            image_id: Some(ImageId::from_uuid(Uuid::from_u128(7))),
            ..any()
        },
        PredictionFilter {
            reviewed: Some(true),
            ..any()
        },
        PredictionFilter {
            model: Some("pneumonia".into()),
            maximum_score: Some(0.6),
            ..any()
        },
    ] {
        let counted = statistics(&test, filter).await;
        assert_eq!(counted.models, [model("pneumonia", 1, 201.0)]);
        assert_eq!(counted.labels, [label("pneumonia", "PNEUMONIA", 0.5)]);
        assert_eq!(counted.days.len(), 1);
    }
}

async fn what_nobody_reviewed_is_counted_by_itself(test: TestStore) {
    three(&test).await;
    let unreviewed = PredictionFilter {
        reviewed: Some(false),
        ..PredictionFilter::default()
    };
    let counted = statistics(&test, unreviewed).await;
    assert_eq!(counted.total(), 2);
}

async fn nothing_is_counted_where_nothing_is(test: TestStore) {
    let counted = statistics(&test, PredictionFilter::default()).await;
    assert_eq!(counted, Statistics::default());
}
