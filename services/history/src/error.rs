//! What history refuses, and what can go wrong.

use pupila_core::{ErrorCode, Fault, FieldViolation, InvalidPage, PredictionId};
use pupila_db::DatabaseError;

use crate::violations::sentences;

/// Why history did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// There is no such prediction, or it is somebody else's: which of the two is not told.
    #[error("prediction `{0}` does not exist")]
    NotFound(PredictionId),
    /// The caller recorded nothing with that idempotency key.
    #[error("nothing was recorded with this idempotency key")]
    NothingWithKey,
    /// The caller recorded something else with that idempotency key.
    #[error("the idempotency key was used for another prediction")]
    KeyReused,
    /// The caller's account is gone; only their token is still good.
    #[error("the account was deleted")]
    Erased,
    /// Fields that cannot be.
    #[error("{}", sentences(.0))]
    Invalid(Vec<FieldViolation>),
    /// A page that cannot be.
    #[error(transparent)]
    Page(#[from] InvalidPage),
    /// The database is away.
    #[error("predictions cannot be recorded or read now")]
    Unavailable(#[source] DatabaseError),
    /// The database refused what we asked of it.
    #[error("the prediction store failed")]
    Store(#[source] DatabaseError),
    /// A prediction cannot be turned into columns, or columns do not make a prediction.
    #[error("prediction `{0}` cannot be stored or read back")]
    Encoding(
        PredictionId,
        #[source] Box<dyn std::error::Error + Send + Sync>,
    ),
}

impl HistoryError {
    /// One field at fault.
    pub(crate) fn field(field: &str, description: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldViolation::new(field, description)])
    }
}

impl Fault for HistoryError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound(_) | Self::NothingWithKey => ErrorCode::NotFound,
            Self::KeyReused => ErrorCode::Conflict,
            Self::Erased => ErrorCode::PermissionDenied,
            Self::Invalid(_) => ErrorCode::InvalidArgument,
            Self::Page(page) => page.code(),
            Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::Store(_) | Self::Encoding(..) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) | Self::NothingWithKey => "PREDICTION_NOT_FOUND",
            Self::KeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::Erased => "ACCOUNT_DELETED",
            Self::Invalid(_) => "INVALID_ARGUMENT",
            Self::Page(page) => page.reason(),
            Self::Unavailable(_) => "HISTORY_UNAVAILABLE",
            Self::Store(_) | Self::Encoding(..) => "HISTORY_FAILED",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Invalid(violations) => violations.clone(),
            Self::Page(page) => page.violations(),
            _ => Vec::new(),
        }
    }
}

impl From<Vec<FieldViolation>> for HistoryError {
    fn from(violations: Vec<FieldViolation>) -> Self {
        Self::Invalid(violations)
    }
}

impl From<DatabaseError> for HistoryError {
    fn from(error: DatabaseError) -> Self {
        match error.code() {
            ErrorCode::Unavailable => Self::Unavailable(error),
            _ => Self::Store(error),
        }
    }
}
