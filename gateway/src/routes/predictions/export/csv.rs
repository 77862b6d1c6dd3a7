//! Predictions as CSV (RFC 4180).

use std::borrow::Cow;

use crate::{
    dto::prediction::{Output, Prediction, Review},
    table::{self, TableError, number, optional, text},
};

const COLUMNS: [&str; 26] = [
    "id",
    "create_time",
    "caller",
    "request_id",
    "filename",
    "image_sha256",
    "image_format",
    "image_width",
    "image_height",
    "model",
    "version",
    "model_sha256",
    "label",
    "score",
    "positive_score",
    "parameters",
    "queue_ms",
    "decode_ms",
    "preprocess_ms",
    "infer_ms",
    "image_id",
    "replay_of",
    "review_time",
    "review_verdict",
    "review_label",
    "review_comment",
];

pub(super) fn header() -> Result<Vec<u8>, TableError> {
    table::line(COLUMNS.map(Cow::Borrowed))
}

pub(super) fn line(prediction: &Prediction) -> Result<Vec<u8>, TableError> {
    let image = &prediction.image;
    let timings = &prediction.timings;
    let (label, score, positive_score) = match &prediction.output {
        Some(Output::Classification {
            label,
            score,
            positive_score,
            ..
        }) => (
            text(label),
            number(score),
            optional(positive_score.as_ref()),
        ),
        None => Default::default(),
    };
    let reviewed = |tell: fn(&Review) -> &str| {
        let review = prediction.review.as_ref();
        review.map_or_else(Cow::default, |review| text(tell(review)))
    };
    table::line([
        optional(prediction.id.as_ref()),
        optional(prediction.create_time.as_ref()),
        optional(prediction.caller.as_ref()),
        text(&prediction.request_id),
        text(&prediction.filename),
        text(&image.sha256),
        text(&image.format),
        number(image.width),
        number(image.height),
        text(&prediction.model),
        number(prediction.version),
        text(&prediction.model_sha256),
        label,
        score,
        positive_score,
        serde_json::to_string(&prediction.parameters)?.into(),
        number(timings.queue_ms),
        number(timings.decode_ms),
        number(timings.preprocess_ms),
        number(timings.infer_ms),
        optional(prediction.image_id.as_ref()),
        optional(prediction.replay_of.as_ref()),
        reviewed(|review| review.create_time.as_str()),
        reviewed(|review| review.verdict.as_str()),
        reviewed(|review| &review.label),
        reviewed(|review| &review.comment),
    ])
}
