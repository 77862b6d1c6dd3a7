//! Collects every field at fault before anything is refused.

use pupila_core::FieldViolation;

/// The fields of one message that cannot be.
#[derive(Default)]
pub(crate) struct Violations {
    message: Option<&'static str>,
    found: Vec<FieldViolation>,
}

impl Violations {
    /// None yet. Fields are named `message/field`.
    pub(crate) fn of(message: &'static str) -> Self {
        Self {
            message: Some(message),
            found: Vec::new(),
        }
    }

    /// The field is at fault unless the rule `holds`.
    pub(crate) fn require(&mut self, holds: bool, field: &str, rule: impl Into<String>) {
        if !holds {
            let field = match self.message {
                Some(message) => format!("{message}/{field}"),
                None => field.to_owned(),
            };
            self.found.push(FieldViolation::new(field, rule));
        }
    }

    /// A text that must be there and fit its column.
    pub(crate) fn require_name(&mut self, field: &str, text: &str, most: usize) {
        if !is_name(text, most) {
            let rule = format!("must have from 1 to {most} characters");
            self.require(false, field, rule);
        }
    }

    /// A name that a person typed.
    pub(crate) fn require_words(&mut self, field: &str, text: &str, most: usize) {
        let plain = text.trim() == text && !text.chars().any(char::is_control);
        if !plain || !is_name(text, most) {
            let rule = format!(
                "must have from 1 to {most} characters, no control characters, and no white space around them"
            );
            self.require(false, field, rule);
        }
    }

    /// A text that may be empty and must fit its column.
    pub(crate) fn require_short(&mut self, field: &str, text: &str, most: usize) {
        if !fits(text, most) {
            let rule = format!("must have at most {most} characters");
            self.require(false, field, rule);
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
    pub(crate) fn finish<E: From<Vec<FieldViolation>>>(self) -> Result<(), E> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(self.found.into())
        }
    }
}

/// Whether the text is there and has at most `most` characters.
pub(crate) fn is_name(text: &str, most: usize) -> bool {
    !text.is_empty() && fits(text, most)
}

/// Whether the text has at most `most` characters. Counts no further than that.
fn fits(text: &str, most: usize) -> bool {
    text.chars().nth(most).is_none()
}

/// Whether it is a probability. `NaN` is in no range.
pub(crate) fn is_score(score: f64) -> bool {
    (0.0..=1.0).contains(&score)
}

/// What is wrong, in words that hold whatever the fields are called where the request came from: `filter/minimum_score`
/// is the minimum score.
pub(crate) fn sentences(violations: &[FieldViolation]) -> String {
    let sentences: Vec<_> = violations
        .iter()
        .map(|at| {
            let name = at.field.rsplit('/').next().unwrap_or_default();
            format!("{}: {}", name.replace('_', " "), at.description)
        })
        .collect();
    sentences.join("; ")
}
