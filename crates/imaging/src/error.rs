//! Why bytes were not taken for a picture.

use crate::{Format, Limits};

/// Why bytes were not taken for a picture. The `Display` texts are written for the person who sent them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// There are no bytes at all.
    #[error("the image is empty")]
    Empty,
    /// More bytes than [`Limits::max_bytes`](crate::Limits::max_bytes).
    #[error("the image has {actual} bytes; at most {limit} are allowed")]
    TooLarge {
        /// Bytes that were sent.
        actual: u64,
        /// Bytes that are allowed.
        limit: u64,
    },
    /// The header declares more pixels than [`Limits::max_pixels`], or a side of more than [`Limits::MAX_SIDE`].
    #[error(
        "the image is {width} x {height} pixels; at most {limit} pixels are allowed, and {} a side",
        Limits::MAX_SIDE
    )]
    TooManyPixels {
        /// Declared width.
        width: u32,
        /// Declared height.
        height: u32,
        /// Pixels that are allowed.
        limit: u64,
    },
    /// An image, but in a format that is not read here.
    #[error("{name} images are not supported; send {}", Format::list())]
    UnsupportedFormat {
        /// The format's name.
        name: &'static str,
    },
    /// Nothing that begins like an image.
    #[error("this is not an image; send {}", Format::list())]
    NotAnImage,
    /// An image of a supported format that is damaged, cut short, or of a kind that the decoder does not know.
    #[error("the {format} image cannot be read: {reason}")]
    Unreadable {
        /// What the file says it is.
        format: Format,
        /// What the decoder found wrong, in words.
        reason: String,
    },
}

impl ImageError {
    /// Longest reason that is handed on, in characters: decoders quote what they read.
    const MAX_REASON: usize = 200;

    pub(crate) const TRUNCATED: &str = "the file ends before the picture does";

    /// The reason becomes the end of a sentence.
    pub(crate) fn unreadable(format: Format, reason: &(impl ToString + ?Sized)) -> Self {
        let reason = reason.to_string();
        let mut reason: String = reason
            .trim_end_matches('.')
            .chars()
            .filter(|letter| !letter.is_control())
            .take(Self::MAX_REASON)
            .collect();
        // "Invalid", but not "IDAT".
        if let Some([first, second]) = reason.as_bytes().first_chunk()
            && first.is_ascii_uppercase()
            && second.is_ascii_lowercase()
        {
            reason[..1].make_ascii_lowercase();
        }
        Self::Unreadable { format, reason }
    }

    pub(crate) fn truncated(format: Format) -> Self {
        Self::unreadable(format, Self::TRUNCATED)
    }

    pub(crate) fn no_pixels(format: Format) -> Self {
        Self::unreadable(format, "it has no pixels")
    }

    pub(crate) fn too_dear(format: Format) -> Self {
        Self::unreadable(format, "it needs more memory than is allowed")
    }
}
