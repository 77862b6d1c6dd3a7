//! What accounts refuses, and what can go wrong.

use std::time::Duration;

use pupila_core::{ErrorCode, Fault, FieldViolation, InvalidPage};
use pupila_db::DatabaseError;

/// Why accounts did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// Fields that cannot be.
    #[error("the request has invalid fields: {}", names(.0))]
    Invalid(Vec<FieldViolation>),
    /// A page that cannot be.
    #[error(transparent)]
    Page(#[from] InvalidPage),
    /// It has changed since the caller looked.
    #[error("it has changed since you looked: fetch it again")]
    RevisionMismatch,
    /// Too many attempts to sign in or the like.
    #[error("too many attempts; try again in {} seconds", .0.as_secs())]
    TooManyAttempts(Duration),
    /// As many passwords are worked on, and wait, as may.
    #[error("too many people sign in at once; try again later")]
    PasswordQueueFull,
    /// The database is away.
    #[error("accounts cannot be reached now")]
    Unavailable(#[source] DatabaseError),
    /// The database refused what we asked of it.
    #[error("the store of accounts failed")]
    Store(#[source] DatabaseError),
    /// Rows make no sense, or the system has no randomness: a fault of ours.
    #[error("accounts failed")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AccountsError {
    /// One field at fault.
    pub(crate) fn field(field: &str, description: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldViolation::new(field, description)])
    }
}

impl Fault for AccountsError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Invalid(_) => ErrorCode::InvalidArgument,
            Self::Page(page) => page.code(),
            Self::RevisionMismatch => ErrorCode::PreconditionFailed,
            Self::TooManyAttempts(_) | Self::PasswordQueueFull => ErrorCode::ResourceExhausted,
            Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::Store(_) | Self::Broken(_) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "INVALID_ARGUMENT",
            Self::Page(page) => page.reason(),
            Self::RevisionMismatch => "REVISION_MISMATCH",
            Self::TooManyAttempts(_) => "TOO_MANY_ATTEMPTS",
            Self::PasswordQueueFull => "PASSWORD_QUEUE_FULL",
            Self::Unavailable(_) => "ACCOUNTS_UNAVAILABLE",
            Self::Store(_) | Self::Broken(_) => "ACCOUNTS_FAILED",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Invalid(violations) => violations.clone(),
            Self::Page(page) => page.violations(),
            _ => Vec::new(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyAttempts(wait) => Some(*wait),
            _ => None,
        }
    }
}

impl From<DatabaseError> for AccountsError {
    fn from(error: DatabaseError) -> Self {
        match error.code() {
            ErrorCode::Unavailable => Self::Unavailable(error),
            _ => Self::Store(error),
        }
    }
}

impl From<sqlx::Error> for AccountsError {
    fn from(error: sqlx::Error) -> Self {
        DatabaseError::from(error).into()
    }
}

fn names(violations: &[FieldViolation]) -> String {
    let names: Vec<_> = violations.iter().map(|at| at.field.as_str()).collect();
    names.join(", ")
}
