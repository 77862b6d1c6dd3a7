//! What images refuses, and what can go wrong.

use std::sync::Arc;

use pupila_core::{ErrorCode, Fault, FieldViolation, ImageId, InvalidPage};
use pupila_db::DatabaseError;
use pupila_storage::{InvalidKey, StorageError};

use crate::{
    archives::ArchiveError, budget::BudgetSpent, pool::PoolError, renditions::RenditionError,
    shares::SharesError, upload::UploadError,
};

/// Why images did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImagesError {
    /// There is no such image, or the caller may not see it: which of the two is not told.
    #[error("image `{0}` does not exist")]
    NotFound(ImageId),
    /// The caller has no profile picture.
    #[error("there is no profile picture")]
    NoAvatar,
    /// Fields that cannot be.
    #[error("{}", sentences(.0))]
    Invalid(Vec<FieldViolation>),
    /// A page that cannot be.
    #[error(transparent)]
    Page(#[from] InvalidPage),
    /// The image changed after the caller looked.
    #[error("the image has changed meanwhile: read it again")]
    RevisionMismatch,
    /// None of the bytes asked for are there.
    #[error("the image has {size} bytes, and none from byte {offset} on")]
    Range {
        /// The first byte that was asked for.
        offset: u64,
        /// How many there are.
        size: u64,
    },
    /// The key came with another call before.
    #[error("the idempotency key was used before, for another image")]
    KeyReused,
    /// There is no room.
    #[error("you store {bytes} of {quota} bytes; {size} more are too many")]
    QuotaExceeded {
        /// Bytes that the owner stores.
        bytes: u64,
        /// Bytes that the owner may store.
        quota: u64,
        /// Bytes of what was to be stored.
        size: u64,
    },
    /// Nothing is stored for an account that is gone.
    #[error("the account was deleted")]
    Erased,
    /// An upload that is no image, or did not arrive.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// An archive that is not there, or may not be.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A rendition that cannot be made.
    #[error(transparent)]
    Rendition(#[from] RenditionError),
    /// No memory for more files now.
    #[error(transparent)]
    Busy(#[from] BudgetSpent),
    /// No worker for more images now.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// Whether the image is shared with the caller is not known.
    #[error(transparent)]
    Shares(#[from] SharesError),
    /// Work that this call waited for together with others.
    #[error(transparent)]
    Together(#[from] Arc<ImagesError>),
    /// Others change the same rows again and again.
    #[error("images cannot be stored or read now")]
    Contended,
    /// The bytes of an image are not where they should be.
    #[error("the bytes of image `{0}` are missing")]
    BytesMissing(ImageId),
    /// The database is away, or refused what we asked of it.
    #[error("images cannot be stored or read now")]
    Database(#[from] DatabaseError),
    /// The object store is away, or refused what we asked of it.
    #[error("images cannot be stored or read now")]
    Storage(#[source] StorageError),
}

impl ImagesError {
    /// One field at fault.
    pub(crate) fn field(field: &str, description: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldViolation::new(field, description)])
    }

    /// The concern that it comes from, which knows more about it.
    fn concern(&self) -> Option<&dyn Fault> {
        match self {
            Self::Page(fault) => Some(fault),
            Self::Upload(fault) => Some(fault),
            Self::Archive(fault) => Some(fault),
            Self::Rendition(fault) => Some(fault),
            Self::Busy(fault) => Some(fault),
            Self::Pool(fault) => Some(fault),
            Self::Shares(fault) => Some(fault),
            Self::Together(fault) => Some(&**fault),
            _ => None,
        }
    }
}

impl Fault for ImagesError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound(_) | Self::NoAvatar => ErrorCode::NotFound,
            Self::Invalid(_) => ErrorCode::InvalidArgument,
            Self::RevisionMismatch => ErrorCode::PreconditionFailed,
            Self::Range { .. } => ErrorCode::RangeNotSatisfiable,
            Self::KeyReused => ErrorCode::Conflict,
            Self::QuotaExceeded { .. } | Self::Erased => ErrorCode::PermissionDenied,
            Self::Contended => ErrorCode::Unavailable,
            Self::BytesMissing(_) => ErrorCode::Internal,
            Self::Database(cause) => outage(cause.code()),
            Self::Storage(cause) => outage(cause.code()),
            _ => self.concern().map_or(ErrorCode::Internal, Fault::code),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "IMAGE_NOT_FOUND",
            Self::NoAvatar => "AVATAR_NOT_FOUND",
            Self::Invalid(_) => "INVALID_ARGUMENT",
            Self::RevisionMismatch => "REVISION_MISMATCH",
            Self::Range { .. } => "RANGE_NOT_SATISFIABLE",
            Self::KeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::QuotaExceeded { .. } => "QUOTA_EXCEEDED",
            Self::Erased => "ACCOUNT_DELETED",
            Self::BytesMissing(_) => "IMAGE_BYTES_MISSING",
            Self::Contended => "IMAGES_CONTENDED",
            Self::Database(_) => match self.code() {
                ErrorCode::Unavailable => "IMAGES_UNAVAILABLE",
                _ => "IMAGES_FAILED",
            },
            Self::Storage(_) => match self.code() {
                ErrorCode::Unavailable => "STORAGE_UNAVAILABLE",
                _ => "STORAGE_FAILED",
            },
            _ => self.concern().map_or("IMAGES_FAILED", Fault::reason),
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Invalid(violations) => violations.clone(),
            _ => self.concern().map(Fault::violations).unwrap_or_default(),
        }
    }
}

impl From<StorageError> for ImagesError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<InvalidKey> for ImagesError {
    fn from(error: InvalidKey) -> Self {
        Self::Storage(error.into())
    }
}

/// What is away may come back; anything else is a fault of ours.
fn outage(code: ErrorCode) -> ErrorCode {
    match code {
        ErrorCode::Unavailable => ErrorCode::Unavailable,
        _ => ErrorCode::Internal,
    }
}

/// What is wrong, in words that hold whatever the fields are called where the request came from: `filter/until_time` is
/// the until time.
fn sentences(violations: &[FieldViolation]) -> String {
    let sentences: Vec<_> = violations
        .iter()
        .map(|at| {
            let name = at.field.rsplit('/').next().unwrap_or_default();
            format!("{}: {}", name.replace('_', " "), at.description)
        })
        .collect();
    sentences.join("; ")
}
