//! Which predictions are meant.

use jiff::Timestamp;
use pupila_core::{Digest, ImageId};

use crate::{HistoryError, limits, violations::Violations};

/// Which predictions are meant. All that is set must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PredictionFilter {
    /// The model's name.
    pub model: Option<String>,
    /// The model's version.
    pub version: Option<u32>,
    /// The label decided on.
    pub label: Option<String>,
    /// The score of the label is at least this, 0..=1.
    pub minimum_score: Option<f64>,
    /// The score of the label is at most this, 0..=1.
    pub maximum_score: Option<f64>,
    /// The digest of the image's bytes.
    pub image_sha256: Option<Digest>,
    /// Recorded at this time or later.
    pub from_time: Option<Timestamp>,
    /// Recorded before this time.
    pub until_time: Option<Timestamp>,
    /// The stored image.
    pub image_id: Option<ImageId>,
    /// Whether a person reviewed it.
    pub reviewed: Option<bool>,
}

impl PredictionFilter {
    /// Refuses what no prediction can pass, because it is more likely a mistake than a question.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault, as `filter/field`.
    pub fn check(&self) -> Result<(), HistoryError> {
        let mut violations = Violations::of("filter");
        if let Some(model) = &self.model {
            violations.require_name("model", model, limits::NAME);
        }
        if let Some(version) = self.version {
            violations.require_positive("version", version);
        }
        if let Some(label) = &self.label {
            violations.require_name("label", label, limits::LABEL);
        }
        if let Some(score) = self.minimum_score {
            violations.require_score("minimum_score", score);
        }
        if let Some(score) = self.maximum_score {
            violations.require_score("maximum_score", score);
        }
        violations.require(
            !is_reversed(self.minimum_score, self.maximum_score),
            "maximum_score",
            "must not be less than the minimum",
        );
        violations.require(
            !is_reversed(self.from_time, self.until_time),
            "until_time",
            "must not be before the earliest",
        );
        violations.finish()
    }
}

fn is_reversed<T: PartialOrd>(least: Option<T>, most: Option<T>) -> bool {
    matches!((least, most), (Some(least), Some(most)) if most < least)
}
