//! Receiving a file in pieces: no more of it than may be stored, and no more at once than memory allows.

mod arrival;

use futures_util::Stream;
use pupila_core::{Digest, ErrorCode, Fault, FieldViolation};
use pupila_imaging::ImageError;
use tonic::Status;

pub(crate) use arrival::{Arrival, Part};

use crate::{
    ImagesError,
    budget::{Budget, Share},
    image::Purpose,
    text,
    violations::Violations,
};

/// What an upload says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) description: String,
    /// Else the place where it was taken is removed, from the file too.
    pub(crate) keep_location: bool,
    /// The idempotency key.
    pub(crate) key: Option<String>,
}

/// A file that has arrived. Holds its share of the memory until it is dropped.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) header: Header,
    /// Never empty.
    pub(crate) bytes: Vec<u8>,
    pub(crate) share: Share,
}

/// An upload that is no image, or did not arrive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UploadError {
    /// It does not begin with a header, has a second one, or a piece that is neither header nor bytes.
    #[error("an upload is one header, then the bytes")]
    Order,
    /// No bytes came.
    #[error("the file is empty")]
    Empty,
    /// More bytes than may be stored.
    #[error("the file has more than {0} bytes, the most that are allowed")]
    TooLarge(u64),
    /// The sender went silent, or is too slow.
    #[error("the upload stalled")]
    Stalled,
    /// The sender broke off.
    #[error("the upload broke off")]
    Broken(#[source] Status),
    /// The bytes do not begin as those of a ZIP do.
    #[error("the file is no ZIP archive")]
    NotZip,
    /// The bytes are no image that can be stored.
    #[error(transparent)]
    Image(#[from] ImageError),
}

impl Header {
    fn check(&self) -> Result<(), ImagesError> {
        let mut violations = Violations::default();
        text::check_name(&mut violations, &self.name);
        text::check_description(&mut violations, &self.description);
        if let Some(key) = &self.key {
            text::check_key(&mut violations, key);
        }
        violations.finish()
    }

    /// What tells one call from another that has the same idempotency key, for a file with that digest.
    pub(crate) fn call_digest(&self, purpose: Purpose, sent: Digest) -> Digest {
        let Self {
            name,
            description,
            keep_location,
            key: _,
        } = self;
        let purpose = purpose.as_str();
        // Only the last one may have line breaks.
        let call = format!("{purpose}\n{keep_location}\n{sent}\n{name}\n{description}");
        Digest::of(call.as_bytes())
    }
}

/// Reads an upload of at most `most` bytes within the budget.
pub(crate) async fn receive(
    parts: impl Stream<Item = Result<Option<Part<Header>>, Status>> + Unpin,
    budget: &Budget,
    most: u64,
) -> Result<Upload, ImagesError> {
    let (header, mut arrival) = Arrival::begin(parts, most).await?;
    header.check()?;
    let mut share = Share::default();
    let mut bytes = Vec::new();
    while let Some(chunk) = arrival.chunk().await? {
        let length = arrival.received();
        if length > bytes.capacity() as u64 {
            // Twice as much each time, so that few bytes are copied; all of it is accounted for.
            let room = length.max(2 * bytes.capacity() as u64).min(most);
            budget.grow(&mut share, room)?;
            let more = usize::try_from(room).unwrap_or(usize::MAX) - bytes.len();
            bytes.reserve_exact(more);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Upload {
        header,
        bytes,
        share,
    })
}

impl Fault for UploadError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Order | Self::Empty | Self::Broken(_) | Self::Image(ImageError::Empty) => {
                ErrorCode::InvalidArgument
            }
            Self::TooLarge(_) | Self::Image(ImageError::TooLarge { .. }) => ErrorCode::TooLarge,
            Self::Stalled => ErrorCode::DeadlineExceeded,
            Self::NotZip | Self::Image(ImageError::UnsupportedFormat { .. }) => {
                ErrorCode::UnsupportedFormat
            }
            Self::Image(_) => ErrorCode::Unprocessable,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Stalled => "DEADLINE_EXCEEDED",
            Self::TooLarge(_) => "TOO_LARGE",
            Self::NotZip => "UNSUPPORTED_FORMAT",
            Self::Image(error) => image_reason(error),
            _ => "INVALID_ARGUMENT",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Empty | Self::Image(ImageError::Empty) => {
                vec![FieldViolation::new("file", self.to_string())]
            }
            _ => Vec::new(),
        }
    }
}

/// The stable name of what is wrong with an image.
pub(crate) fn image_reason(error: &ImageError) -> &'static str {
    match error {
        ImageError::Empty => "INVALID_ARGUMENT",
        ImageError::TooLarge { .. } => "TOO_LARGE",
        ImageError::TooManyPixels { .. } => "TOO_MANY_PIXELS",
        ImageError::UnsupportedFormat { .. } => "UNSUPPORTED_FORMAT",
        ImageError::NotAnImage | ImageError::Unreadable { .. } => "IMAGE_UNREADABLE",
    }
}
