//! What an error tells the world about itself.

use std::time::Duration;

use crate::ErrorCode;

/// An error that knows how it is told to callers. Its `Display` is the text that they read,
/// its sources are for the log only.
pub trait Fault: std::error::Error {
    /// What kind of failure it is.
    fn code(&self) -> ErrorCode;

    /// A stable name in upper snake case, such as `IMAGE_UNREADABLE`; each has a line in `docs/errors.md`.
    fn reason(&self) -> &'static str;

    /// The fields at fault, where single fields are.
    fn violations(&self) -> Vec<FieldViolation> {
        Vec::new()
    }

    /// How long to wait before trying again, where that is known.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

/// One field at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// The field's name, or its path with `/` between the names.
    pub field: String,
    /// What is wrong, and what is allowed.
    pub description: String,
}

impl FieldViolation {
    /// A field and what is wrong with it.
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            description: description.into(),
        }
    }
}
