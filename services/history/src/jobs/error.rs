//! What is refused about jobs, and what can go wrong with them.

use std::{sync::Arc, time::Duration};

use pupila_core::{ErrorCode, Fault, FieldViolation, JobId};
use pupila_db::DatabaseError;

use crate::violations::sentences;

/// How long to wait while too much waits.
const FULL_RETRY: Duration = Duration::from_secs(5);
/// The same for a worker with a ZIP, which is fetched each time.
const ZIP_RETRY: Duration = Duration::from_secs(60);

/// Why nothing was done about a job. Its clones share their causes, because those who are served together fail together.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JobError {
    /// There is no such job, or it is somebody else's: which of the two is not told.
    #[error("job `{0}` does not exist")]
    NotFound(JobId),
    /// It can no longer be called off.
    #[error("job `{0}` has ended")]
    Ended(JobId),
    /// Nothing of it failed or was called off, or it goes on.
    #[error("job `{0}` has nothing to do again")]
    NothingToRetry(JobId),
    /// The caller made another job with that idempotency key.
    #[error("the idempotency key was used for another job")]
    KeyReused,
    /// The caller's account is gone; only their token is still good.
    #[error("the account was deleted")]
    Erased,
    /// Too much waits already.
    #[error("too much work waits already")]
    QueueFull,
    /// The ZIP's owner has too much open for all that is in it.
    #[error("too much of the owner's waits already")]
    ZipWaits,
    /// The task is the caller's no more.
    #[error("the lease was lost")]
    LeaseLost,
    /// Fields that cannot be.
    #[error("{}", sentences(.0))]
    Invalid(Vec<FieldViolation>),
    /// The database is away.
    #[error("jobs cannot be taken in or read now")]
    Unavailable(#[source] Arc<DatabaseError>),
    /// The process is stopping.
    #[error("jobs cannot be taken in now")]
    Stopping,
    /// The database refused what we asked of it.
    #[error("the job store failed")]
    Store(#[source] Arc<DatabaseError>),
    /// A job cannot be turned into columns, or columns do not make a job.
    #[error("a job cannot be stored or read back")]
    Encoding(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// A defect of ours.
    #[error("jobs could not be served")]
    Panicked,
}

impl JobError {
    /// One field at fault.
    pub(crate) fn field(field: &str, description: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldViolation::new(field, description)])
    }

    /// Whether a row was refused because another has the same value where values must differ.
    pub(crate) fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_unique_violation())
    }

    /// Whether the same again may succeed at once.
    pub(crate) fn is_deadlock(&self) -> bool {
        matches!(self, Self::Unavailable(error) if error.is_deadlock())
    }
}

impl Fault for JobError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Ended(_) | Self::NothingToRetry(_) | Self::KeyReused | Self::LeaseLost => {
                ErrorCode::Conflict
            }
            Self::Erased => ErrorCode::PermissionDenied,
            Self::QueueFull | Self::ZipWaits => ErrorCode::ResourceExhausted,
            Self::Invalid(_) => ErrorCode::InvalidArgument,
            Self::Unavailable(_) | Self::Stopping => ErrorCode::Unavailable,
            Self::Store(_) | Self::Encoding(_) | Self::Panicked => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "JOB_NOT_FOUND",
            Self::Ended(_) => "JOB_ENDED",
            Self::NothingToRetry(_) => "NOTHING_TO_RETRY",
            Self::KeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::Erased => "ACCOUNT_DELETED",
            Self::QueueFull | Self::ZipWaits => "QUEUE_FULL",
            Self::LeaseLost => "LEASE_LOST",
            Self::Invalid(_) => "INVALID_ARGUMENT",
            Self::Unavailable(_) | Self::Stopping => "HISTORY_UNAVAILABLE",
            Self::Store(_) | Self::Encoding(_) | Self::Panicked => "HISTORY_FAILED",
        }
    }

    fn violations(&self) -> Vec<FieldViolation> {
        match self {
            Self::Invalid(violations) => violations.clone(),
            _ => Vec::new(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::QueueFull => Some(FULL_RETRY),
            Self::ZipWaits => Some(ZIP_RETRY),
            _ => None,
        }
    }
}

impl From<Vec<FieldViolation>> for JobError {
    fn from(violations: Vec<FieldViolation>) -> Self {
        Self::Invalid(violations)
    }
}

impl From<DatabaseError> for JobError {
    fn from(error: DatabaseError) -> Self {
        match error.code() {
            ErrorCode::Unavailable => Self::Unavailable(Arc::new(error)),
            _ => Self::Store(Arc::new(error)),
        }
    }
}
