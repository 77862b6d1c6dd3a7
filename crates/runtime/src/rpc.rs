//! Errors on the wire: a [`Fault`] becomes a gRPC status with details, and a status becomes an [`RpcError`] again.

mod breakage;

use std::{collections::HashMap, error::Error, iter::successors, time::Duration};

use pupila_core::{ErrorCode, Fault, FieldViolation};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation as WireViolation, StatusExt as _};

use self::breakage::Breakage;

/// The domain of every reason (`google.rpc.ErrorInfo.domain`).
const DOMAIN: &str = "pupila";
/// Where the [`ErrorCode`]'s name travels, because some codes share a gRPC number.
const CODE: &str = "code";
/// The reason of a call whose connection was lost while it was under way.
const LOST: &str = "SERVICE_LOST";

/// A failed call, as the caller of a service sees it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RpcError {
    /// What kind of failure it is.
    pub code: ErrorCode,
    /// The stable name, such as `MODEL_NOT_FOUND`.
    pub reason: String,
    /// What a person reads.
    pub message: String,
    /// The fields at fault.
    pub violations: Vec<FieldViolation>,
    /// How long to wait before trying again, where the service knows.
    pub retry_after: Option<Duration>,
}

/// Tells a fault to the caller and, where it is ours, its causes to the log: this is the boundary.
#[expect(
    clippy::needless_pass_by_value,
    reason = "made for `map_err`, which hands the error over"
)]
pub fn into_status<F: Fault>(fault: F) -> Status {
    let code = fault.code();
    let reason = fault.reason();
    if matches!(code, ErrorCode::Internal | ErrorCode::Unavailable) {
        tracing::error!(reason, error = %with_causes(&fault), "call failed");
    }
    let mut details = ErrorDetails::new();
    let metadata = HashMap::from([(CODE.to_owned(), code.name().to_owned())]);
    details.set_error_info(reason, DOMAIN, metadata);
    let violations: Vec<_> = fault
        .violations()
        .into_iter()
        .map(|violation| WireViolation::new(violation.field, violation.description))
        .collect();
    if !violations.is_empty() {
        details.set_bad_request(violations);
    }
    if let Some(delay) = fault.retry_after() {
        details.set_retry_info(Some(delay));
    }
    Status::with_error_details(Code::from(code.grpc()), fault.to_string(), details)
}

/// An error and its causes on one line, for the log.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    for cause in successors(error.source(), |&cause| cause.source()) {
        let cause = cause.to_string();
        // Some libraries tell the cause in the error's own text already.
        if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

impl From<Status> for RpcError {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let Some(info) = details.error_info().filter(|info| info.domain == DOMAIN) else {
            return Self::foreign(&status);
        };
        let code = info
            .metadata
            .get(CODE)
            .and_then(|name| ErrorCode::from_name(name))
            .unwrap_or_else(|| ErrorCode::from_grpc(status.code().into()));
        let violations = details.bad_request().map_or_else(Vec::new, |request| {
            let violations = request.field_violations.iter();
            violations
                .map(|violation| FieldViolation::new(&violation.field, &violation.description))
                .collect()
        });
        Self {
            code,
            reason: info.reason.clone(),
            message: status.message().to_owned(),
            violations,
            retry_after: details.retry_info().and_then(|retry| retry.retry_delay),
        }
    }
}

impl RpcError {
    /// Whether the service was lost while the call was under way. The call may have been carried out, or be what brought the
    /// service down: whoever makes it again does so only so often. A service that could not be reached, or says itself that it
    /// is unavailable, has begun nothing.
    #[must_use]
    pub fn was_lost(&self) -> bool {
        self.reason == LOST
    }

    /// A status that no service of ours made: a broken connection, a passed deadline, a library's refusal.
    /// What it says may tell of our insides, so it goes to the log and not to the caller.
    fn foreign(status: &Status) -> Self {
        tracing::error!(code = ?status.code(), error = %with_causes(status), "call did not come through");
        match Breakage::of(status) {
            Some(Breakage::Unbegun) => Self::unreachable(),
            Some(Breakage::Lost) => {
                let message = "a service was lost in the middle of a call";
                Self::plain(ErrorCode::Unavailable, LOST, message)
            }
            Some(Breakage::Dropped) => Self::failed(),
            None => Self::answered(status.code()),
        }
    }

    /// A bare status, of a library or a proxy.
    fn answered(code: Code) -> Self {
        let (code, message) = match code {
            Code::DeadlineExceeded | Code::Cancelled => {
                (ErrorCode::DeadlineExceeded, "a service took too long")
            }
            Code::ResourceExhausted => (ErrorCode::ResourceExhausted, "a service is overloaded"),
            // What tonic answers to a message over its limit.
            Code::OutOfRange => (
                ErrorCode::TooLarge,
                "the request is larger than a service takes",
            ),
            Code::Unauthenticated => (ErrorCode::Unauthenticated, "who calls is not known"),
            Code::Unavailable | Code::Unknown => return Self::unreachable(),
            _ => return Self::failed(),
        };
        Self::plain(code, code.name(), message)
    }

    fn unreachable() -> Self {
        let code = ErrorCode::Unavailable;
        Self::plain(code, code.name(), "a service is not reachable")
    }

    fn failed() -> Self {
        let code = ErrorCode::Internal;
        Self::plain(code, code.name(), "a service failed")
    }

    fn plain(code: ErrorCode, reason: &str, message: &str) -> Self {
        Self {
            code,
            reason: reason.to_owned(),
            message: message.to_owned(),
            violations: Vec::new(),
            retry_after: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the image has 9 pixels too many")]
    struct TooManyPixels;

    impl Fault for TooManyPixels {
        fn code(&self) -> ErrorCode {
            ErrorCode::Unprocessable
        }
        fn reason(&self) -> &'static str {
            "TOO_MANY_PIXELS"
        }
        fn violations(&self) -> Vec<FieldViolation> {
            vec![FieldViolation::new("file", "too large")]
        }
        fn retry_after(&self) -> Option<Duration> {
            Some(Duration::from_secs(7))
        }
    }

    #[test]
    fn a_cause_that_the_error_tells_itself_is_not_told_twice() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let text = refused.to_string();
        // Its own text is that of its cause.
        let error = std::io::Error::other(refused);
        assert_eq!(with_causes(&error), text);
    }

    #[test]
    fn a_fault_comes_out_of_the_status_as_it_went_in() {
        let error = RpcError::from(into_status(TooManyPixels));
        assert_eq!(error.code, ErrorCode::Unprocessable);
        assert_eq!(error.reason, "TOO_MANY_PIXELS");
        assert_eq!(error.message, "the image has 9 pixels too many");
        assert_eq!(error.violations, TooManyPixels.violations());
        assert_eq!(error.retry_after, TooManyPixels.retry_after());
    }

    #[test]
    fn what_a_library_says_is_not_told_to_callers() {
        let error = RpcError::from(Status::unavailable("connect to 10.0.0.7:3306 failed"));
        assert_eq!(error.code, ErrorCode::Unavailable);
        assert_eq!(error.message, "a service is not reachable");
    }
}
