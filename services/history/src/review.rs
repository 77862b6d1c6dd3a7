//! What a person says of a prediction.

use jiff::Timestamp;
use pupila_core::{ReviewId, UserId};

use crate::{HistoryError, limits, violations::Violations};

/// What a person says of a prediction. Written once; a later one counts instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its name.
    pub id: ReviewId,
    /// When it was written, in whole microseconds.
    pub create_time: Timestamp,
    /// Who says it.
    pub reviewer: UserId,
    /// Whether the model was right.
    pub verdict: Verdict,
    /// The right label: the predicted one where the person agrees.
    pub label: String,
    /// Why, in words; may be empty.
    pub comment: String,
}

/// A review that is not written down yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview {
    /// Whether the model was right.
    pub verdict: Verdict,
    /// The right label where the person disagrees; empty where they agree. It may be one that the model does not
    /// know: that may be why it was wrong.
    pub label: String,
    /// Why, in words; may be empty.
    pub comment: String,
}

/// Whether the model was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was.
    Agree,
    /// It was not.
    Disagree,
}

impl NewReview {
    /// Refuses what cannot be said of a prediction that decided on the label `predicted`.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault.
    pub fn check(&self, predicted: &str) -> Result<(), HistoryError> {
        let mut violations = Violations::default();
        match self.verdict {
            Verdict::Agree => {
                let none = self.label.is_empty();
                violations.require(none, "label", "must be empty where the model was right");
            }
            Verdict::Disagree => {
                violations.require_words("label", &self.label, limits::LABEL);
                let other = self.label != predicted;
                violations.require(other, "label", "must be another one than the model's");
            }
        }
        violations.require_short("comment", &self.comment, limits::COMMENT);
        violations.finish()
    }
}

impl Verdict {
    /// As text: `agree` or `disagree`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Disagree => "disagree",
        }
    }

    /// The verdict that the text names.
    #[must_use]
    pub fn from_name(text: &str) -> Option<Self> {
        [Self::Agree, Self::Disagree]
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
    }
}
