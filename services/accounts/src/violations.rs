//! Collects every field at fault before anything is refused.

use pupila_core::FieldViolation;

/// The fields of one request that cannot be.
#[derive(Debug, Default)]
pub(crate) struct Violations(Vec<FieldViolation>);

impl Violations {
    /// The field is at fault unless the rule `holds`.
    pub(crate) fn require(&mut self, holds: bool, field: &str, rule: impl Into<String>) {
        if !holds {
            self.0.push(FieldViolation::new(field, rule));
        }
    }

    /// A text with as many characters as its column takes, and none that would break a line.
    pub(crate) fn require_text(&mut self, field: &str, text: &str, least: usize, most: usize) {
        if !is_text(text, least, most) {
            let rule = format!(
                "must have from {least} to {most} characters, none of them a control character"
            );
            self.require(false, field, rule);
        }
    }

    /// The value; where there is none, the field is at fault.
    pub(crate) fn take<T, E: std::fmt::Display>(
        &mut self,
        field: &str,
        value: Result<T, E>,
    ) -> Option<T> {
        value
            .map_err(|error| self.require(false, field, error.to_string()))
            .ok()
    }

    /// `Err` with all that was found, if anything was.
    pub(crate) fn finish(self) -> Result<(), Vec<FieldViolation>> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.0)
        }
    }
}

/// Whether the text has at least `least` and at most `most` characters, no control characters, and does not begin or
/// end with white space. Counts no further than `most`.
pub(crate) fn is_text(text: &str, least: usize, most: usize) -> bool {
    text.chars().nth(most).is_none()
        && text.chars().take(least).count() == least
        && !text.chars().any(char::is_control)
        && text.trim().len() == text.len()
}
