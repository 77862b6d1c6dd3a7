//! How an attempt at a task went.

use std::time::Duration;

use pupila_core::ErrorCode;
use pupila_proto::history::v1::{Failure, StepResult};
use pupila_runtime::rpc::RpcError;

/// How an attempt at a task went.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done {
        /// What came out of an image's steps.
        results: Vec<StepResult>,
        /// Where the end of a job is to be told.
        routes: Vec<String>,
    },
    /// It did not work.
    Failed {
        /// Why.
        failure: Failure,
        /// Another attempt may work.
        retryable: bool,
    },
    /// It could not be tried: a service that it needs is away. Does not count as an attempt.
    Parked {
        /// Which service: `accounts`, `images`, `inference`, `history` or one outside, such as `smtp`.
        service: &'static str,
        /// When it is worth trying again, where that is known.
        retry_after: Option<Duration>,
    },
    /// It could not be done now, for a reason that concerns no other task: somebody's own server is away. Given back; does
    /// not count as an attempt. Whoever answers it sees to it that it ends.
    Postponed {
        /// When it is worth trying again.
        delay: Duration,
    },
}

impl Outcome {
    /// Done, with nothing to hand on.
    #[must_use]
    pub const fn done() -> Self {
        Self::Done {
            results: Vec::new(),
            routes: Vec::new(),
        }
    }

    /// It will not work however often it is tried.
    pub fn refused(code: ErrorCode, reason: &str, detail: impl Into<String>) -> Self {
        Self::Failed {
            failure: failure(code, reason, detail),
            retryable: false,
        }
    }

    /// It did not work, but may.
    pub fn stumbled(code: ErrorCode, reason: &str, detail: impl Into<String>) -> Self {
        Self::Failed {
            failure: failure(code, reason, detail),
            retryable: true,
        }
    }

    /// What `service` answered in the place of what was asked for.
    pub(crate) fn from_service(service: &'static str, error: RpcError) -> Self {
        match error.code {
            ErrorCode::Unavailable | ErrorCode::ResourceExhausted => Self::Parked {
                service,
                retry_after: error.retry_after,
            },
            ErrorCode::Internal | ErrorCode::DeadlineExceeded | ErrorCode::Unauthenticated => {
                Self::stumbled(error.code, &error.reason, error.message)
            }
            _ => Self::refused(error.code, &error.reason, error.message),
        }
    }
}

fn failure(code: ErrorCode, reason: &str, detail: impl Into<String>) -> Failure {
    Failure {
        code: code.name().to_owned(),
        reason: reason.to_owned(),
        detail: detail.into(),
    }
}
