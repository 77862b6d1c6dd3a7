//! Collects every field at fault before anything is refused.

use pupila_core::FieldViolation;

use crate::ImagesError;

/// The fields of one message that cannot be.
#[derive(Debug, Default)]
pub(crate) struct Violations(Vec<FieldViolation>);

impl Violations {
    /// The field is at fault unless the rule `holds`.
    pub(crate) fn require(&mut self, holds: bool, field: &str, rule: impl FnOnce() -> String) {
        if !holds {
            self.0.push(FieldViolation::new(field, rule()));
        }
    }

    /// `INVALID_ARGUMENT` with all that was found, if anything was.
    pub(crate) fn finish(self) -> Result<(), ImagesError> {
        match self.0.as_slice() {
            [] => Ok(()),
            _ => Err(ImagesError::Invalid(self.0)),
        }
    }
}
