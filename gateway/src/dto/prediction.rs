//! Predictions.

mod review;

use std::collections::BTreeMap;

use pupila_proto::{
    history::v1 as proto,
    inference::v1::{Classification, StageTimes, output::Kind},
};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use self::review::{Review, Verdict};
use super::{present, time::to_rfc3339};

/// The record of one prediction: who ran which version of which model on which image, how, when, and the answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Prediction {
    /// UUIDv7; null where the answer was not recorded, which only a best-effort ledger allows.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    pub(crate) id: Option<String>,
    /// When it was recorded, RFC 3339 in UTC.
    #[schema(required, format = DateTime, example = "2026-11-23T08:30:00.000000Z")]
    pub(crate) create_time: Option<String>,
    /// The user who asked.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    pub(crate) caller: Option<String>,
    /// The request that it answered.
    pub(crate) request_id: String,
    /// The name of the file.
    #[schema(example = "x-ray.jpg")]
    pub(crate) filename: String,
    /// The image that was analysed.
    pub(crate) image: AnalysedImage,
    /// The stored image; null where the image was only sent along. It may be deleted since.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    pub(crate) image_id: Option<String>,
    /// A small picture of the stored image: a path of this API.
    #[schema(
        required,
        example = "/v1/images/01a20623-df5b-780a-9943-2fb6042e32d0/rendition?preset=thumbnail"
    )]
    pub(crate) image_url: Option<String>,
    /// The prediction that this one repeats with another model, version or parameters; null where it repeats none.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    pub(crate) replay_of: Option<String>,
    /// The model that ran.
    #[schema(example = "pneumonia")]
    pub(crate) model: String,
    /// The version that ran.
    pub(crate) version: u32,
    /// SHA-256 of the model file.
    pub(crate) model_sha256: String,
    /// Every declared parameter with the value that was used.
    pub(crate) parameters: BTreeMap<String, f64>,
    /// What the model answered.
    #[schema(required)]
    pub(crate) output: Option<Output>,
    /// How long each stage took.
    pub(crate) timings: Timings,
    /// What a person said of it last; null where nobody has.
    #[schema(required)]
    pub(crate) review: Option<Review>,
}

/// What is known of the image that a prediction is about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnalysedImage {
    /// SHA-256 of the file.
    pub(crate) sha256: String,
    /// The format that was found in the file.
    #[schema(example = "jpeg")]
    pub(crate) format: String,
    /// Pixels from left to right, upright.
    pub(crate) width: u32,
    /// Pixels from top to bottom, upright.
    pub(crate) height: u32,
}

/// What a model answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "task", rename_all = "snake_case")]
pub(crate) enum Output {
    /// One label for the whole image.
    Classification {
        /// The label decided on.
        #[schema(example = "PNEUMONIA")]
        label: String,
        /// The calibrated probability of `label`, 0..1.
        score: f64,
        /// The calibrated probability of the model's positive label, 0..1; absent where it has none.
        #[serde(skip_serializing_if = "Option::is_none")]
        positive_score: Option<f64>,
        /// Every label with its calibrated probability, the highest first.
        scores: Vec<LabelScore>,
    },
}

/// A label and its calibrated probability.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelScore {
    /// One of the model's labels.
    label: String,
    /// 0..1.
    score: f64,
}

/// How long each stage took, in milliseconds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Timings {
    /// Waiting for a free worker.
    pub(crate) queue_ms: f64,
    /// From bytes to pixels.
    pub(crate) decode_ms: f64,
    /// From pixels to the model's input.
    pub(crate) preprocess_ms: f64,
    /// The model itself.
    pub(crate) infer_ms: f64,
}

impl Prediction {
    /// The path of the record; `None` where it was not recorded.
    pub(crate) fn location(&self) -> Option<String> {
        self.id.as_ref().map(|id| format!("/v1/predictions/{id}"))
    }

    /// The label decided on.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        match self.output.as_ref()? {
            Output::Classification { label, .. } => Some(label),
        }
    }

    /// The probability of the positive label, or of the label decided on where the model has no positive one.
    #[must_use]
    pub fn probability(&self) -> Option<f64> {
        match self.output.as_ref()? {
            Output::Classification {
                score,
                positive_score,
                ..
            } => Some(positive_score.unwrap_or(*score)),
        }
    }
}

impl From<proto::Prediction> for Prediction {
    fn from(prediction: proto::Prediction) -> Self {
        let image_id = present(prediction.image_id);
        let thumbnail = |id| format!("/v1/images/{id}/rendition?preset=thumbnail");
        Self {
            id: present(prediction.id),
            create_time: prediction.create_time.map(to_rfc3339),
            caller: present(prediction.caller),
            request_id: prediction.request_id,
            filename: prediction.filename,
            image: AnalysedImage {
                sha256: prediction.image_sha256,
                format: prediction.image_format,
                width: prediction.image_width,
                height: prediction.image_height,
            },
            image_url: image_id.as_ref().map(thumbnail),
            image_id,
            replay_of: present(prediction.replay_of),
            model: prediction.model,
            version: prediction.version,
            model_sha256: prediction.model_sha256,
            parameters: prediction.parameters.into_iter().collect(),
            output: prediction
                .output
                .and_then(|output| output.kind)
                .map(Output::from),
            timings: prediction.stage_times.unwrap_or_default().into(),
            review: prediction.review.map(Review::from),
        }
    }
}

impl From<Kind> for Output {
    fn from(kind: Kind) -> Self {
        let Kind::Classification(Classification {
            label,
            score,
            scores,
            positive_score,
        }) = kind;
        let scores = scores.into_iter().map(|row| LabelScore {
            label: row.label,
            score: row.score,
        });
        Self::Classification {
            label,
            score,
            positive_score,
            scores: scores.collect(),
        }
    }
}

impl From<StageTimes> for Timings {
    fn from(times: StageTimes) -> Self {
        Self {
            queue_ms: milliseconds(times.queue_us),
            decode_ms: milliseconds(times.decode_us),
            preprocess_ms: milliseconds(times.preprocess_us),
            infer_ms: milliseconds(times.infer_us),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a stage that takes 2^53 µs has other faults"
)]
fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}
