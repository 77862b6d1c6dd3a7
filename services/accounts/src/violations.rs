//! Collects every field at fault before anything is refused.

use std::{fmt::Display, ops::RangeInclusive};

use pupila_core::FieldViolation;

use crate::AccountsError;

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

    /// A text of so many characters, none of which would break a line.
    pub(crate) fn require_text(&mut self, field: &str, text: &str, length: RangeInclusive<usize>) {
        let (least, most) = (*length.start(), *length.end());
        // Counts no further than it must.
        let fits = length.contains(&text.chars().take(most + 1).count());
        let rule = format!(
            "must have from {least} to {most} characters, none of them a control character"
        );
        self.require(fits && !text.chars().any(char::is_control), field, rule);
    }

    /// The value; where there is none, the field is at fault.
    pub(crate) fn take<T, E: Display>(&mut self, field: &str, value: Result<T, E>) -> Option<T> {
        value
            .map_err(|error| self.require(false, field, error.to_string()))
            .ok()
    }

    /// The value; where there is none, the violation that is there instead.
    pub(crate) fn keep<T>(&mut self, value: Result<T, FieldViolation>) -> Option<T> {
        value.map_err(|violation| self.0.push(violation)).ok()
    }

    /// More that was found.
    pub(crate) fn add(&mut self, found: Vec<FieldViolation>) {
        self.0.extend(found);
    }

    /// Refuses the request if anything was found.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with all that was found.
    pub(crate) fn finish(self) -> Result<(), AccountsError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AccountsError::Invalid(self.0))
        }
    }
}
