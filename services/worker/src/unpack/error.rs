//! Why an archive, or an entry of one, is refused.

use std::io;

use pupila_core::{ErrorCode, Fault};
use zip::result::ZipError;

/// Why all of an archive is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum ArchiveError {
    /// It is no ZIP, or what it lists cannot be read.
    #[error("the archive cannot be read: {0}")]
    Unreadable(ZipError),
    /// There is nothing in it that could be an image.
    #[error("the archive holds no files")]
    Empty,
    /// It holds more files than a job may have images.
    #[error("the archive holds more than {0} files")]
    TooManyEntries(usize),
    /// What it says of its files is longer than may be in memory.
    #[error("the archive's list of files has more than {0} bytes")]
    ListTooLong(u64),
    /// Each of its entries shares bytes with another: nothing but a bomb is made so.
    #[error("the archive's entries lie over each other")]
    Overlapping,
    /// More bytes than may be unpacked.
    #[error("unpacked, the archive has more than {0} bytes")]
    TooLarge(u64),
    /// This machine's disk failed: a fault of ours.
    #[error("the archive cannot be read")]
    Disk(#[source] io::Error),
}

/// Why an entry is refused.
#[derive(Debug, Clone, thiserror::Error)]
pub(super) enum EntryError {
    /// It is an archive itself.
    #[error("the file is an archive in the archive")]
    Nested,
    /// It has a password.
    #[error("the file is encrypted")]
    Encrypted,
    /// It is packed in a way that is not known here.
    #[error("the file is packed by {0}; only stored and deflated files can be read")]
    Method(String),
    /// What is said of it is longer than any system writes.
    #[error("the file's name or comment has more than {0} bytes")]
    NameTooLong(usize),
    /// It has more bytes than an image may have.
    #[error("the file has more than {0} bytes, the most that are allowed")]
    TooLarge(u64),
    /// It shares bytes with another one, as the archive has it.
    #[error("the file lies over another one in the archive")]
    Overlapping,
    /// It is not what was packed, or was packed wrongly.
    #[error("the file in the archive is damaged")]
    Damaged,
    /// This machine's disk failed: a fault of ours.
    #[error("the file cannot be read")]
    Disk(io::ErrorKind),
}

impl From<ZipError> for ArchiveError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) if is_ours(&error) => Self::Disk(error),
            error => Self::Unreadable(error),
        }
    }
}

impl From<ZipError> for EntryError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => error.into(),
            _ => Self::Damaged,
        }
    }
}

impl From<io::Error> for EntryError {
    fn from(error: io::Error) -> Self {
        match is_ours(&error) {
            true => Self::Disk(error.kind()),
            false => Self::Damaged,
        }
    }
}

/// Whether the system says so: what a ZIP is to blame for is told without its number.
fn is_ours(error: &io::Error) -> bool {
    error.raw_os_error().is_some()
}

impl Fault for ArchiveError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Disk(_) => ErrorCode::Internal,
            _ => ErrorCode::Unprocessable,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "ARCHIVE_UNREADABLE",
            Self::Empty => "ARCHIVE_EMPTY",
            Self::TooManyEntries(_) | Self::ListTooLong(_) => "TOO_MANY_ENTRIES",
            Self::Overlapping => "ARCHIVE_BOMB",
            Self::TooLarge(_) => "ARCHIVE_TOO_LARGE",
            Self::Disk(_) => "WORKER_FAILED",
        }
    }
}

impl Fault for EntryError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::TooLarge(_) => ErrorCode::TooLarge,
            Self::Disk(_) => ErrorCode::Internal,
            _ => ErrorCode::Unprocessable,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Nested => "NESTED_ARCHIVE",
            Self::Encrypted => "ENCRYPTED_ENTRY",
            Self::Method(_) => "UNSUPPORTED_COMPRESSION",
            Self::NameTooLong(_) => "ENTRY_NAME_TOO_LONG",
            Self::TooLarge(_) => "TOO_LARGE",
            Self::Overlapping | Self::Damaged => "ENTRY_UNREADABLE",
            Self::Disk(_) => "WORKER_FAILED",
        }
    }
}
