//! Why there is no archive.

use pupila_core::{ArchiveId, ErrorCode, Fault};

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// There is no such archive, or it is somebody else's: which of the two is not told.
    #[error("archive `{0}` does not exist")]
    NotFound(ArchiveId),
    /// The owner has as many as may be.
    #[error(
        "{0} archives are being unpacked or wait for it, the most that may; those of jobs that were called off or failed go for new ones after an hour"
    )]
    TooMany(i64),
    /// Its bytes are not where they should be.
    #[error("the bytes of archive `{0}` are missing")]
    BytesMissing(ArchiveId),
}

impl Fault for ArchiveError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::TooMany(_) => ErrorCode::Conflict,
            Self::BytesMissing(_) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "ARCHIVE_NOT_FOUND",
            Self::TooMany(_) => "TOO_MANY_ARCHIVES",
            Self::BytesMissing(_) => "ARCHIVE_BYTES_MISSING",
        }
    }
}
