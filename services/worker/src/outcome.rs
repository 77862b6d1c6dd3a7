//! How an attempt at a task went.

use std::time::Duration;

use pupila_core::ErrorCode;
use pupila_proto::history::v1::{Failure, StepResult};
use pupila_runtime::rpc::RpcError;

use crate::Service;

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
        /// Who is surely there, because this is its answer, or comes of it.
        answered: Option<Service>,
    },
    /// A service was lost while it was at it, or did not come to an end. The service is taken to be away, but the attempt counts:
    /// it may be what brings the service down.
    Lost {
        /// Which service.
        service: Service,
        /// What is told where this was the last attempt.
        failure: Failure,
    },
    /// It could not be tried: a service that it needs is away. Does not count as an attempt.
    Parked {
        /// Which service.
        service: Service,
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
            answered: None,
        }
    }

    /// It did not work, but may.
    pub fn stumbled(code: ErrorCode, reason: &str, detail: impl Into<String>) -> Self {
        Self::Failed {
            failure: failure(code, reason, detail),
            retryable: true,
            answered: None,
        }
    }

    /// It will not work, as the answer of `service` shows.
    pub fn refused_after(
        service: Service,
        code: ErrorCode,
        reason: &str,
        detail: impl Into<String>,
    ) -> Self {
        Self::Failed {
            failure: failure(code, reason, detail),
            retryable: false,
            answered: Some(service),
        }
    }

    /// accounts did not let the worker in. Whatever it has against the worker itself, it is not the task's fault.
    pub(crate) fn shut_out(error: &RpcError) -> Self {
        tracing::warn!(%error, "accounts does not let the worker in");
        Self::Parked {
            service: Service::Accounts,
            retry_after: error.retry_after,
        }
    }

    /// What `service` answered in the place of what was asked for.
    pub(crate) fn from_service(service: Service, error: RpcError) -> Self {
        match error.code {
            // The service is there, and has as much of this owner's as it takes at once: others need not wait.
            ErrorCode::Unavailable if error.reason == CONTENDED => Self::shortly(error.retry_after),
            ErrorCode::ResourceExhausted => Self::shortly(error.retry_after),
            // Only whoever works on images can be brought down by one.
            ErrorCode::Unavailable
                if error.was_lost() && matches!(service, Service::Images | Service::Inference) =>
            {
                let detail = format!("{} was lost in the middle of it", service.name());
                Self::Lost {
                    service,
                    failure: failure(error.code, &error.reason, detail),
                }
            }
            ErrorCode::Unavailable => Self::Parked {
                service,
                retry_after: error.retry_after,
            },
            ErrorCode::DeadlineExceeded => Self::late(service, error),
            ErrorCode::Internal | ErrorCode::Unauthenticated => {
                Self::stumbled(error.code, &error.reason, error.message)
            }
            _ => Self::refused_after(service, error.code, &error.reason, error.message),
        }
    }

    /// `service` did not answer in time.
    fn late(service: Service, error: RpcError) -> Self {
        match service {
            // A model may take too long over one image, and none over others.
            Service::Inference => Self::stumbled(error.code, &error.reason, error.message),
            // It hangs, or this image is too much for it: the one says nothing against the other.
            Service::Images => Self::Lost {
                service,
                failure: failure(error.code, &error.reason, error.message),
            },
            // The others take long over nothing, unless they hang.
            _ => Self::Parked {
                service,
                retry_after: error.retry_after,
            },
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
        Outcome::from_service(Service::Images, error(code, reason, retry_after))
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
        for (service, code) in [
            (Service::Images, ErrorCode::Unavailable),
            (Service::Accounts, ErrorCode::Unavailable),
            (Service::Accounts, ErrorCode::DeadlineExceeded),
            (Service::History, ErrorCode::DeadlineExceeded),
        ] {
            let outcome = Outcome::from_service(service, error(code, code.name(), None));
            let parked = Outcome::Parked {
                service,
                retry_after: None,
            };
            assert_eq!(outcome, parked);
        }
    }

    #[test]
    fn a_service_that_was_lost_over_a_task_may_have_been_brought_down_by_it() {
        // Whoever hangs may do so over this very image.
        for (code, reason) in [
            (ErrorCode::Unavailable, "SERVICE_LOST"),
            (ErrorCode::DeadlineExceeded, "DEADLINE_EXCEEDED"),
        ] {
            let outcome = answered(code, reason, None);
            let Outcome::Lost { service, failure } = outcome else {
                panic!("{outcome:?}")
            };
            assert_eq!(service, Service::Images);
            assert_eq!((&*failure.code, &*failure.reason), (code.name(), reason));
        }
    }

    #[test]
    fn a_model_that_takes_too_long_over_an_image_counts_as_an_attempt() {
        let error = error(ErrorCode::DeadlineExceeded, "DEADLINE_EXCEEDED", None);
        let outcome = Outcome::from_service(Service::Inference, error);
        let stumbled = matches!(&outcome, Outcome::Failed { retryable, .. } if *retryable);
        assert!(stumbled, "{outcome:?}");
    }
}
