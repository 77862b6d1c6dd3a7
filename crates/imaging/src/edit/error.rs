//! Why a picture was not edited.

use crate::{
    ImageError,
    render::{InvalidField, RenderError},
};

/// Why a picture was not edited. The `Display` texts are written for the person who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The source is no picture, or too dear.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The image that was to be laid over it is no picture, or too dear.
    #[error("the watermark: {0}")]
    Overlay(#[source] ImageError),
    /// A value of an edit is out of its range.
    #[error("{0}")]
    Invalid(InvalidField),
    /// It would become too large.
    #[error(
        "the image would become {width} x {height} pixels; at most {side} a side and {pixels} together are allowed"
    )]
    TooLarge {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// Most pixels of a side.
        side: u32,
        /// Most pixels: [`Limits::max_pixels`](crate::Limits::max_pixels).
        pixels: u64,
    },
    /// The text of a [`Writing`](super::Writing) has no letters that can be seen.
    #[error("nothing of the text can be seen")]
    NothingToWrite,
    /// Nobody wants it any more.
    #[error("the image is not wanted any more")]
    Unwanted,
    /// The encoder failed, for which no picture is known.
    #[error(transparent)]
    Encoding(RenderError),
}
