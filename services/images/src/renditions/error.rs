//! Why there is no rendition.

use pupila_core::{ErrorCode, Fault, FieldViolation};
use pupila_imaging::render::RenderError;

use crate::upload::image_reason;

/// Why there is no rendition.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct RenditionError(pub(crate) RenderError);

impl Fault for RenditionError {
    fn code(&self) -> ErrorCode {
        match &self.0 {
            RenderError::Recipe(_) | RenderError::TooLarge { .. } => ErrorCode::InvalidArgument,
            RenderError::Image(_) => ErrorCode::Unprocessable,
            RenderError::Encoding { .. } => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match &self.0 {
            RenderError::Recipe(_) | RenderError::TooLarge { .. } => "INVALID_ARGUMENT",
            RenderError::Image(error) => image_reason(error),
            RenderError::Encoding { .. } => "RENDITION_FAILED",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match &self.0 {
            RenderError::Recipe(faults) => faults
                .iter()
                .map(|fault| FieldViolation::new(fault.field, &fault.description))
                .collect(),
            RenderError::TooLarge { .. } => ["width", "height"]
                .map(|side| FieldViolation::new(side, self.to_string()))
                .into(),
            _ => Vec::new(),
        }
    }
}
