//! Why a prediction failed.

use pupila_core::{ErrorCode, Fault, FieldViolation};
use pupila_imaging::{ImageError, ResizeError};

use crate::{classification::OutputError, engine::EngineError};

/// Why a prediction failed.
#[derive(Debug, thiserror::Error)]
pub enum PredictError {
    /// The image's fault.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The picture could not be brought to the network's size.
    #[error("the image could not be prepared for the model")]
    Preprocess(#[from] ResizeError),
    /// The network failed.
    #[error("the model failed on this image")]
    Engine(#[from] EngineError),
    /// The network's numbers are no answer, so none is given or recorded.
    #[error("the model gave no usable answer for this image")]
    Output(#[from] OutputError),
}

impl Fault for PredictError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Image(ImageError::Empty) => ErrorCode::InvalidArgument,
            Self::Image(ImageError::TooLarge { .. }) => ErrorCode::TooLarge,
            Self::Image(ImageError::UnsupportedFormat { .. }) => ErrorCode::UnsupportedFormat,
            Self::Image(_) => ErrorCode::Unprocessable,
            Self::Preprocess(_) | Self::Engine(_) | Self::Output(_) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Image(ImageError::Empty) => "INVALID_ARGUMENT",
            Self::Image(ImageError::TooLarge { .. }) => "TOO_LARGE",
            Self::Image(ImageError::TooManyPixels { .. }) => "TOO_MANY_PIXELS",
            Self::Image(ImageError::UnsupportedFormat { .. }) => "UNSUPPORTED_FORMAT",
            Self::Image(ImageError::NotAnImage | ImageError::Unreadable { .. }) => {
                "IMAGE_UNREADABLE"
            }
            Self::Preprocess(_) | Self::Engine(_) | Self::Output(_) => "PREDICTION_FAILED",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Image(ImageError::Empty) => vec![FieldViolation::new("image", self.to_string())],
            _ => Vec::new(),
        }
    }
}

/// The first few names and how many more there are: callers can send any number of any length.
pub(crate) fn list<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    const MOST: usize = 10;
    let mut names = names.into_iter();
    let shown: Vec<String> = names
        .by_ref()
        .take(MOST)
        .map(|name| quote(name.as_ref()))
        .collect();
    match names.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A name that a caller sent, cut and without what could forge a log line.
pub(crate) fn quote(name: &str) -> String {
    const LONGEST: usize = 64;
    let plain = name.chars().filter(|letter| !letter.is_control());
    format!("`{}`", plain.take(LONGEST).collect::<String>())
}
