//! What albums refuse, and what can go wrong.

use pupila_core::{AlbumId, ErrorCode, Fault, FieldViolation, ImageId, InvalidPage};
use pupila_db::DatabaseError;

use super::limits;
use crate::{AccountsError, again::Setback};

/// Why nothing was done with an album.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AlbumError {
    /// There is no such album, or the caller may not see it: which of the two is not told.
    #[error("album `{0}` does not exist")]
    NotFound(AlbumId),
    /// The caller sees the album, and may do no more.
    #[error("only the owner and the editors of an album may do this")]
    NotEditor,
    /// The caller sees the album, and may perhaps change it.
    #[error("only the owner of an album may do this")]
    NotOwner,
    /// The album does not have the image.
    #[error("image `{0}` is not in the album")]
    ImageNotFound(ImageId),
    /// The album does not have the member.
    #[error("the album has no such member")]
    MemberNotFound,
    /// The link never was, was deleted, has expired, or its album is gone: which of them is not told.
    #[error("the share link does not exist or has ended")]
    LinkNotFound,
    /// The link asks for a password, and this is not it.
    #[error("the share link's password is wrong")]
    LinkPassword,
    /// The user has as many albums as one may.
    #[error("a user has at most {most} albums; delete one first", most = limits::ALBUMS)]
    TooMany,
    /// The album has as many as it may.
    #[error("an album has at most {most} {what}")]
    Full { most: u64, what: &'static str },
    /// What any part of accounts may refuse.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
}

impl AlbumError {
    /// One field at fault.
    pub(super) fn field(field: &str, description: impl Into<String>) -> Self {
        AccountsError::field(field, description).into()
    }

    /// More than the album may have of something.
    pub(super) const fn full(what: &'static str, most: u64) -> Self {
        Self::Full { what, most }
    }
}

impl Setback for AlbumError {
    fn is_passing(&self) -> bool {
        matches!(self, Self::Accounts(AccountsError::Unavailable(cause)) if cause.is_deadlock())
    }
}

impl Fault for AlbumError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound(_)
            | Self::ImageNotFound(_)
            | Self::MemberNotFound
            | Self::LinkNotFound => ErrorCode::NotFound,
            Self::NotEditor | Self::NotOwner => ErrorCode::PermissionDenied,
            Self::LinkPassword => ErrorCode::Unauthenticated,
            Self::TooMany | Self::Full { .. } => ErrorCode::Conflict,
            Self::Accounts(error) => error.code(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "ALBUM_NOT_FOUND",
            Self::NotEditor => "NOT_ALBUM_EDITOR",
            Self::NotOwner => "NOT_ALBUM_OWNER",
            Self::ImageNotFound(_) => "IMAGE_NOT_IN_ALBUM",
            Self::MemberNotFound => "MEMBER_NOT_FOUND",
            Self::LinkNotFound => "LINK_NOT_FOUND",
            Self::LinkPassword => "LINK_PASSWORD_WRONG",
            Self::TooMany => "TOO_MANY_ALBUMS",
            Self::Full { .. } => "ALBUM_FULL",
            Self::Accounts(error) => error.reason(),
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Accounts(error) => error.violations(),
            _ => Vec::new(),
        }
    }
}

impl From<InvalidPage> for AlbumError {
    fn from(error: InvalidPage) -> Self {
        AccountsError::from(error).into()
    }
}

impl From<DatabaseError> for AlbumError {
    fn from(error: DatabaseError) -> Self {
        AccountsError::from(error).into()
    }
}

impl From<sqlx::Error> for AlbumError {
    fn from(error: sqlx::Error) -> Self {
        AccountsError::from(error).into()
    }
}
