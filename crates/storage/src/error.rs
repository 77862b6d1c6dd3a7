//! What can go wrong with a store, and how the store's own words for it are read.

use std::{
    error::Error,
    io::{self, ErrorKind},
    path::PathBuf,
};

use object_store::client::HttpError;
use pupila_core::{ErrorCode, Fault};

use crate::{InvalidKey, StorageKey, bucket::Refusal};

/// What a failure comes from, for the log.
type Cause = Box<dyn Error + Send + Sync>;

/// A store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A name that no object can have.
    #[error(transparent)]
    Key(#[from] InvalidKey),
    /// There is no such object.
    #[error("object `{0}` does not exist")]
    NotFound(StorageKey),
    /// The object has none of the bytes that were asked for.
    #[error("object `{0}` does not reach that far")]
    Range(StorageKey),
    /// It cannot be reached now, or cannot do its work: a server that is away, slow or overloaded, a disk that is full.
    #[error("the object store cannot be used now")]
    Unavailable(#[source] Cause),
    /// It does not let us in, or not do this.
    #[error("the object store refuses our credentials")]
    Refused(#[source] Cause),
    /// It answered something unexpected: a fault of ours, or of the configuration.
    #[error("the object store failed")]
    Failed(#[source] Cause),
    /// The configuration cannot be used.
    #[error("the object store cannot be used as configured: {0}")]
    Config(&'static str),
    /// A file that the configuration names cannot be read.
    #[error("{} cannot be read", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// The folder cannot be made or used.
    #[error("the folder {} cannot be used for objects", .0.display())]
    Folder(PathBuf, #[source] io::Error),
}

impl Fault for StorageError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Key(_) | Self::Range(_) => ErrorCode::InvalidArgument,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Unavailable(_) | Self::Folder(..) => ErrorCode::Unavailable,
            Self::Refused(_) | Self::Failed(_) | Self::Config(_) | Self::File(..) => {
                ErrorCode::Internal
            }
        }
    }

    fn reason(&self) -> &'static str {
        match self.code() {
            ErrorCode::InvalidArgument => "INVALID_ARGUMENT",
            ErrorCode::NotFound => "OBJECT_NOT_FOUND",
            ErrorCode::Unavailable => "STORAGE_UNAVAILABLE",
            _ => "STORAGE_FAILED",
        }
    }
}

impl From<object_store::Error> for StorageError {
    /// The failure of something that is about no single object, or does not ask whether it is there.
    fn from(error: object_store::Error) -> Self {
        let refusal = find::<Refusal>(&error);
        if refusal.is_some_and(Refusal::is_personal) {
            Self::Refused(error.into())
        } else if refusal.is_some_and(Refusal::passes)
            || find::<HttpError>(&error).is_some()
            || find::<io::Error>(&error).is_some()
        {
            Self::Unavailable(error.into())
        } else {
            Self::Failed(error.into())
        }
    }
}

impl StorageError {
    /// The failure to read `key`.
    pub(crate) fn of(key: &StorageKey, error: object_store::Error) -> Self {
        if is_missing(&error) {
            Self::NotFound(key.clone())
        } else {
            error.into()
        }
    }
}

/// Whether the store is there and the object is not.
pub(crate) fn is_missing(error: &object_store::Error) -> bool {
    match error {
        object_store::Error::NotFound { source, .. } => {
            // The name of an S3 error, which comes in its body: the bucket itself is gone.
            !source.to_string().contains("NoSuchBucket")
        }
        // A folder where the object would be, or an object where its folder would be.
        error => find::<io::Error>(error).is_some_and(|error| {
            matches!(
                error.kind(),
                ErrorKind::IsADirectory | ErrorKind::NotADirectory
            )
        }),
    }
}

/// The error itself or the first of its causes that has the type `E`.
pub(crate) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}
