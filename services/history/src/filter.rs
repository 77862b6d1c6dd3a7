//! Which predictions are meant.

use jiff::Timestamp;
use pupila_core::{Digest, FieldViolation};

use crate::{HistoryError, limits};

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
}

impl PredictionFilter {
    /// Refuses what no prediction can pass, because it is more likely a mistake than a question.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault, as `filter/field`.
    pub fn check(&self) -> Result<(), HistoryError> {
        let mut violations = Vec::new();
        let mut require = |holds: bool, field: &str, description: &str| {
            if !holds {
                violations.push(FieldViolation::new(format!("filter/{field}"), description));
            }
        };
        let score = |score: Option<f64>| score.is_none_or(limits::is_score);
        let text = |text: &Option<String>, most| {
            text.as_deref()
                .is_none_or(|text| limits::is_name(text, most))
        };
        require(text(&self.model, limits::MODEL), "model", limits::NAME_RULE);
        require(self.version != Some(0), "version", "versions begin at 1");
        require(text(&self.label, limits::LABEL), "label", limits::NAME_RULE);
        require(
            score(self.minimum_score),
            "minimum_score",
            limits::SCORE_RULE,
        );
        require(
            score(self.maximum_score),
            "maximum_score",
            limits::SCORE_RULE,
        );
        require(
            !is_reversed(self.minimum_score, self.maximum_score),
            "maximum_score",
            "must not be less than minimum_score",
        );
        require(
            !is_reversed(self.from_time, self.until_time),
            "until_time",
            "must not be before from_time",
        );
        HistoryError::unless_valid(violations)
    }
}

fn is_reversed<T: PartialOrd>(least: Option<T>, most: Option<T>) -> bool {
    matches!((least, most), (Some(least), Some(most)) if most < least)
}
