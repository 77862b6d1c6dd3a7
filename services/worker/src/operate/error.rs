//! Why operations made no image.

use pupila_core::{ErrorCode, Fault, FieldViolation, ImageId};
use pupila_imaging::{ImageError, edit::EditError};

/// Why operations made no image.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OperateError {
    /// It cannot be done to this image.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// An image that an operation needs was not found.
    #[error("image `{0}`, which is to be laid over others, does not exist")]
    NoOverlay(ImageId),
}

impl Fault for OperateError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NoOverlay(_) => ErrorCode::NotFound,
            Self::Edit(EditError::Image(error) | EditError::Overlay(error)) => match error {
                ImageError::Empty => ErrorCode::InvalidArgument,
                ImageError::TooLarge { .. } => ErrorCode::TooLarge,
                ImageError::UnsupportedFormat { .. } => ErrorCode::UnsupportedFormat,
                ImageError::TooManyPixels { .. }
                | ImageError::NotAnImage
                | ImageError::Unreadable { .. } => ErrorCode::Unprocessable,
            },
            Self::Edit(EditError::TooLarge { .. }) => ErrorCode::Unprocessable,
            Self::Edit(EditError::Invalid(_) | EditError::NothingToWrite) => {
                ErrorCode::InvalidArgument
            }
            // Whoever could hear it is gone.
            Self::Edit(EditError::Unwanted | EditError::Encoding(_)) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NoOverlay(_) => "IMAGE_NOT_FOUND",
            Self::Edit(EditError::Image(error) | EditError::Overlay(error)) => match error {
                ImageError::Empty => "INVALID_ARGUMENT",
                ImageError::TooLarge { .. } => "TOO_LARGE",
                ImageError::TooManyPixels { .. } => "TOO_MANY_PIXELS",
                ImageError::UnsupportedFormat { .. } => "UNSUPPORTED_FORMAT",
                ImageError::NotAnImage | ImageError::Unreadable { .. } => "IMAGE_UNREADABLE",
            },
            Self::Edit(EditError::TooLarge { .. }) => "TOO_MANY_PIXELS",
            Self::Edit(EditError::Invalid(_) | EditError::NothingToWrite) => {
                "PARAMETER_OUT_OF_RANGE"
            }
            Self::Edit(EditError::Unwanted | EditError::Encoding(_)) => "OPERATION_FAILED",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Edit(EditError::Invalid(fault)) => vec![FieldViolation::new(
                format!("parameters/{}", fault.field),
                &fault.description,
            )],
            Self::Edit(EditError::NothingToWrite) => {
                vec![FieldViolation::new("parameters/text", self.to_string())]
            }
            _ => Vec::new(),
        }
    }
}
