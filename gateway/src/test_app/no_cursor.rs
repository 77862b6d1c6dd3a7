//! A refusal of history's.

use pupila_core::{ErrorCode, Fault, FieldViolation};

/// What history says of a cursor that is none of its own.
#[derive(Debug, thiserror::Error)]
#[error("cursor: must be one of an earlier answer")]
pub(crate) struct NoCursor;

impl Fault for NoCursor {
    fn code(&self) -> ErrorCode {
        ErrorCode::InvalidArgument
    }
    fn reason(&self) -> &'static str {
        "INVALID_ARGUMENT"
    }
    fn violations(&self) -> Vec<FieldViolation> {
        vec![FieldViolation::new("cursor", "must be one")]
    }
}
