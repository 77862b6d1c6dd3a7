//! A prediction, as it is recorded.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, ImageId, PredictionId, RequestId, UserId};
use serde::{Deserialize, Serialize};

use crate::Review;

/// The record of one prediction. Written once, never changed; gone with its caller's account only.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Its name.
    pub id: PredictionId,
    /// When it was recorded, in whole microseconds.
    pub create_time: Timestamp,
    /// Who asked for it, and alone may see it.
    pub caller: UserId,
    /// What was predicted, from what.
    pub content: NewPrediction,
    /// What a person said of it last; `None` where nobody has.
    pub review: Option<Review>,
}

/// A prediction that is not recorded yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPrediction {
    /// The request that it answers.
    pub request_id: RequestId,
    /// The name that the caller gave the file; may be empty.
    pub filename: String,
    /// What it looked at.
    pub image: ImageFacts,
    /// What ran.
    pub model: ModelFacts,
    /// Every declared parameter with the value that was used.
    pub parameters: BTreeMap<String, f64>,
    /// What the model answered.
    pub output: Classification,
    /// How long each stage took.
    pub stage_times: StageTimes,
    /// The prediction that it repeats with another model, version or parameters.
    pub replay_of: Option<PredictionId>,
}

/// The image of a prediction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFacts {
    /// The stored image; `None` where it was only sent along.
    pub id: Option<ImageId>,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// Its format, such as `jpeg`.
    pub format: String,
    /// Pixels from left to right, upright.
    pub width: u32,
    /// Pixels from top to bottom, upright.
    pub height: u32,
}

/// The model of a prediction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFacts {
    /// Its name.
    pub name: String,
    /// Its version, from 1.
    pub version: u32,
    /// The digest of its file.
    pub sha256: Digest,
}

/// One label for a whole image. Scores are calibrated probabilities, 0..=1.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// The label decided on.
    pub label: String,
    /// Its score.
    pub score: f64,
    /// Every label with its score, the highest first.
    pub scores: Vec<LabelScore>,
    /// The score of the model's positive label, where it has one.
    pub positive_score: Option<f64>,
}

/// A label and its score, 0..=1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelScore {
    /// One of the model's labels.
    pub label: String,
    /// Its calibrated probability.
    pub score: f64,
}

/// How long each stage of a prediction took, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StageTimes {
    /// Waiting for a free worker.
    pub queue_us: u64,
    /// From bytes to pixels.
    pub decode_us: u64,
    /// From pixels to the model's input.
    pub preprocess_us: u64,
    /// The model itself.
    pub infer_us: u64,
}

impl Prediction {
    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }
}

impl NewPrediction {
    /// Whether it answers the same question, so that a repeated call may be answered with it: the same image, model,
    /// version and parameters, and the same prediction repeated. What took how long, which request asked and what the
    /// file was called do not count, nor what was answered, which follows from the rest.
    pub(crate) fn repeats(&self, other: &Self) -> bool {
        let question = |of: &Self| (of.image.id, of.image.sha256, of.replay_of, of.model.version);
        question(self) == question(other)
            && self.model.name == other.model.name
            && self.parameters == other.parameters
    }
}
