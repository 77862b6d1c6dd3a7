//! Collects every field at fault before anything is refused.

use pupila_core::FieldViolation;

use crate::HistoryError;

/// The fields of one message that cannot be.
pub(crate) struct Violations {
    message: &'static str,
    found: Vec<FieldViolation>,
}

impl Violations {
    /// None yet. Fields are named `message/field`.
    pub(crate) fn of(message: &'static str) -> Self {
        Self {
            message,
            found: Vec::new(),
        }
    }

    /// The field is at fault unless the rule `holds`.
    pub(crate) fn require(&mut self, holds: bool, field: &str, rule: impl Into<String>) {
        if !holds {
            let field = format!("{}/{field}", self.message);
            self.found.push(FieldViolation::new(field, rule));
        }
    }

    /// A text that must be there and fit its column.
    pub(crate) fn require_name(&mut self, field: &str, text: &str, most: usize) {
        if !is_name(text, most) {
            self.require(
                false,
                field,
                format!("must have from 1 to {most} characters"),
            );
        }
    }

    /// A probability.
    pub(crate) fn require_score(&mut self, field: &str, score: f64) {
        self.require(is_score(score), field, "must be from 0 to 1");
    }

    /// A number that begins at 1.
    pub(crate) fn require_positive(&mut self, field: &str, number: u32) {
        self.require(number > 0, field, "must be at least 1");
    }

    /// `INVALID_ARGUMENT` with all that was found, if anything was.
    pub(crate) fn finish(self) -> Result<(), HistoryError> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(HistoryError::Invalid(self.found))
        }
    }
}

/// Whether the text is there and has at most `most` characters.
pub(crate) fn is_name(text: &str, most: usize) -> bool {
    !text.is_empty() && fits(text, most)
}

/// Whether the text has at most `most` characters. Counts no further than that.
pub(crate) fn fits(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none()
}

/// Whether it is a probability. `NaN` is in no range.
pub(crate) fn is_score(score: f64) -> bool {
    (0.0..=1.0).contains(&score)
}
