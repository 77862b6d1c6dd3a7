//! How an attempt at a task went.

use std::time::Duration;

use pupila_core::ErrorCode;
use pupila_proto::history::v1::{Failure, StepResult};
use pupila_runtime::rpc::RpcError;

/// What images says where others change what the same owner stores, again and again.
const CONTENDED: &str = "IMAGES_CONTENDED";
/// How long somebody waits who has too much under way, unless it is known better.
const MOMENT: Duration = Duration::from_secs(1);

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
    /// A service was lost while it was at it. The service is taken to be away, but the attempt counts: it may be what brings
    /// the service down.
    Lost {
        /// Which service, by the same names as those that are away.
        service: &'static str,
        /// What is told where this was the last attempt.
        failure: Failure,
    },
    /// It could not be tried: a service that it needs is away. Does not count as an attempt.
    Parked {
        /// Which service: `accounts`, `images`, `inference`, `history` or one outside, such as `smtp`.
        service: &'static str,
        /// When it is worth trying again, where that is known.
        retry_after: Option<Duration>,
    },
    /// It could not be done now, for a reason that does not concern all tasks: somebody's own server is away, or a service has
    /// too much to do for them. Given back; does not count as an attempt. Whoever answers it sees to it that it ends.
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
            // The service is there, and has as much of this owner's as it takes at once: others need not wait.
            ErrorCode::Unavailable if error.reason == CONTENDED => Self::shortly(error.retry_after),
            ErrorCode::ResourceExhausted => Self::shortly(error.retry_after),
            // Only whoever works on images can be brought down by one.
            ErrorCode::Unavailable
                if error.was_lost() && matches!(service, "images" | "inference") =>
            {
                let detail = format!("{service} was lost in the middle of it");
                Self::Lost {
                    service,
                    failure: failure(error.code, &error.reason, detail),
                }
            }
            ErrorCode::Unavailable => Self::Parked {
                service,
                retry_after: error.retry_after,
            },
            // A model may take too long over one image; the others take long over nothing, unless they hang.
            ErrorCode::DeadlineExceeded if service != "inference" => Self::Parked {
                service,
                retry_after: error.retry_after,
            },
            ErrorCode::Internal | ErrorCode::DeadlineExceeded | ErrorCode::Unauthenticated => {
                Self::stumbled(error.code, &error.reason, error.message)
            }
            _ => Self::refused(error.code, &error.reason, error.message),
        }
    }

    /// Given back, to be tried again soon.
    fn shortly(retry_after: Option<Duration>) -> Self {
        Self::Postponed {
            delay: retry_after.unwrap_or(MOMENT),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(code: ErrorCode, reason: &str, retry_after: Option<Duration>) -> Outcome {
        Outcome::from_service("images", error(code, reason, retry_after))
    }

    fn error(code: ErrorCode, reason: &str, retry_after: Option<Duration>) -> RpcError {
        RpcError {
            code,
            reason: reason.to_owned(),
            message: String::new(),
            violations: Vec::new(),
            retry_after,
        }
    }

    #[test]
    fn what_concerns_one_owner_makes_nobody_else_wait() {
        let later = Duration::from_secs(7);
        for (code, reason) in [
            (ErrorCode::ResourceExhausted, "TOO_MANY_UPLOADS"),
            (ErrorCode::Unavailable, CONTENDED),
        ] {
            let outcome = answered(code, reason, None);
            assert_eq!(outcome, Outcome::Postponed { delay: MOMENT });
            let outcome = answered(code, reason, Some(later));
            assert_eq!(outcome, Outcome::Postponed { delay: later });
        }
    }

    #[test]
    fn a_service_that_is_away_is_away_for_everybody() {
        let parked = Outcome::Parked {
            service: "images",
            retry_after: None,
        };
        for code in [ErrorCode::Unavailable, ErrorCode::DeadlineExceeded] {
            assert_eq!(answered(code, "IMAGES_UNAVAILABLE", None), parked);
        }
    }

    #[test]
    fn a_service_that_was_lost_over_a_task_may_have_been_brought_down_by_it() {
        let outcome = answered(ErrorCode::Unavailable, "SERVICE_LOST", None);
        let Outcome::Lost { service, failure } = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(service, "images");
        assert_eq!(
            (&*failure.code, &*failure.reason),
            ("UNAVAILABLE", "SERVICE_LOST")
        );
    }

    #[test]
    fn a_model_that_takes_too_long_over_an_image_counts_as_an_attempt() {
        let error = error(ErrorCode::DeadlineExceeded, "DEADLINE_EXCEEDED", None);
        let outcome = Outcome::from_service("inference", error);
        let stumbled = matches!(&outcome, Outcome::Failed { retryable, .. } if *retryable);
        assert!(stumbled, "{outcome:?}");
    }
}
