//! The images of a job, and what came out.

use pupila_proto::history::v1::{self as proto, step_result::Kind};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Failure, JobState};
use crate::dto::{present, time};

/// One image of a job.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobItem {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    id: String,
    /// Its place in the job, from 0.
    position: u32,
    /// The file's name; a path within the ZIP where it came from one.
    #[schema(example = "x-ray.jpg")]
    filename: String,
    /// The stored image; null where the file was none.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    image_id: Option<String>,
    /// How far it is.
    state: JobState,
    /// How often a worker took it.
    attempts: u32,
    /// Why it failed, or why the last attempt did; null otherwise.
    #[schema(required)]
    failure: Option<Failure>,
    /// What came out, in the order of the steps; complete where it succeeded, empty before.
    results: Vec<StepResult>,
    /// When its next attempt is due; null unless it waits after one that failed.
    #[schema(required, format = DateTime)]
    next_attempt_time: Option<String>,
    /// When a worker took it last; null before.
    #[schema(required, format = DateTime)]
    start_time: Option<String>,
    /// When it ended; null before.
    #[schema(required, format = DateTime)]
    end_time: Option<String>,
    /// The job's revision at its last change.
    revision: i64,
}

/// What came out of a step, or of operations in a row: an image or a prediction.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepResult {
    /// The place of the last step that it comes from, from 0.
    step: u32,
    /// An image that was made, and is its owner's.
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<DerivedImage>,
    /// A prediction that was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    prediction: Option<RecordedPrediction>,
}

/// An image that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DerivedImage {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    image_id: String,
    /// Its name.
    #[schema(example = "x-ray.jpg")]
    name: String,
    /// Its format.
    #[schema(example = "jpeg")]
    format: String,
    /// Pixels from left to right.
    width: u32,
    /// Pixels from top to bottom.
    height: u32,
}

/// A recorded prediction, in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedPrediction {
    /// Its id: `GET /v1/predictions/{id}` has all of it.
    #[schema(value_type = uuid::Uuid)]
    prediction_id: String,
    /// The model.
    #[schema(example = "pneumonia")]
    model: String,
    /// Its version.
    version: u32,
    /// The label decided on.
    #[schema(example = "PNEUMONIA")]
    label: String,
    /// The label's calibrated probability, 0..1.
    score: f64,
}

impl From<proto::JobItem> for JobItem {
    fn from(item: proto::JobItem) -> Self {
        Self {
            state: item.state().into(),
            id: item.id,
            position: item.position,
            filename: item.filename,
            image_id: present(item.image_id),
            attempts: item.attempts,
            failure: item.failure.map(Failure::from),
            results: item.results.into_iter().map(StepResult::from).collect(),
            next_attempt_time: item.next_attempt_time.map(time::to_rfc3339),
            start_time: item.start_time.map(time::to_rfc3339),
            end_time: item.end_time.map(time::to_rfc3339),
            revision: item.revision,
        }
    }
}

impl From<proto::StepResult> for StepResult {
    fn from(result: proto::StepResult) -> Self {
        let (image, prediction) = match result.kind {
            Some(Kind::Image(image)) => (Some(image.into()), None),
            Some(Kind::Prediction(prediction)) => (None, Some(prediction.into())),
            None => (None, None),
        };
        Self {
            step: result.step,
            image,
            prediction,
        }
    }
}

impl From<proto::DerivedImage> for DerivedImage {
    fn from(image: proto::DerivedImage) -> Self {
        Self {
            image_id: image.image_id,
            name: image.name,
            format: image.format,
            width: image.width,
            height: image.height,
        }
    }
}

impl From<proto::RecordedPrediction> for RecordedPrediction {
    fn from(prediction: proto::RecordedPrediction) -> Self {
        Self {
            prediction_id: prediction.prediction_id,
            model: prediction.model,
            version: prediction.version,
            label: prediction.label,
            score: prediction.score,
        }
    }
}
