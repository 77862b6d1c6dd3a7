//! Errors as callers see them: `application/problem+json` (RFC 9457), made in one place.

mod body;
mod response;

use std::{fmt, time::Duration};

use pupila_core::{ErrorCode, Fault, FieldViolation};
use pupila_proto::history::v1::Failure;
use pupila_runtime::rpc::RpcError;

pub(crate) use self::body::{FieldError, FileProblem, ProblemBody};

/// The media type of [`ProblemBody`].
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// A failed request, on its way out. The problem layer writes it, with the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    code: ErrorCode,
    reason: String,
    detail: String,
    violations: Vec<FieldViolation>,
    retry_after: Option<Duration>,
}

impl Problem {
    /// The same problem, its fields under other names.
    pub(crate) fn rename_fields(mut self, rename: impl Fn(&str) -> String) -> Self {
        for violation in &mut self.violations {
            violation.field = rename(&violation.field);
        }
        self
    }

    /// The same problem with what lies at `place` in the request. Where the caller is at fault and no field is named, it
    /// is the place itself.
    pub(crate) fn within(mut self, place: &str) -> Self {
        if self.violations.is_empty() && self.status().is_client_error() {
            let violation = FieldViolation::new(place, &self.detail);
            self.violations.push(violation);
            return self;
        }
        self.rename_fields(|field| format!("{place}/{field}"))
    }

    /// Whether a field of that name is at fault.
    pub(crate) fn is_about(&self, field: &str) -> bool {
        self.violations
            .iter()
            .any(|violation| violation.field == field)
    }

    /// As the record of a job tells it.
    pub(crate) fn into_failure(self) -> Failure {
        Failure {
            code: self.code.name().to_owned(),
            reason: self.reason,
            detail: self.detail,
        }
    }

    /// Whether the same request would fail so again: what is wrong is wrong with it, and not with the moment or the token.
    pub(crate) fn is_lasting(&self) -> bool {
        self.status().is_client_error()
            && !matches!(
                self.code,
                ErrorCode::Unauthenticated | ErrorCode::ResourceExhausted
            )
    }

    /// Whether nothing came of the request that failed so: a call that was not answered may have been carried out.
    pub(crate) fn is_refusal(&self) -> bool {
        !matches!(
            self.code,
            ErrorCode::Internal | ErrorCode::Unavailable | ErrorCode::DeadlineExceeded
        )
    }
}

/// For the log.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.detail)
    }
}

/// For streams: what broke off is told to the log only.
impl std::error::Error for Problem {}

impl<F: Fault> From<F> for Problem {
    fn from(fault: F) -> Self {
        Self {
            code: fault.code(),
            reason: fault.reason().to_owned(),
            detail: fault.to_string(),
            violations: fault.violations(),
            retry_after: fault.retry_after(),
        }
    }
}

/// A service's message, or what it answered instead.
pub(crate) fn message<T>(answer: Result<tonic::Response<T>, tonic::Status>) -> Result<T, Problem> {
    answer.map(tonic::Response::into_inner).map_err(from_rpc)
}

/// What a service answered instead of a result.
pub(crate) fn from_rpc(error: impl Into<RpcError>) -> Problem {
    let error = error.into();
    Problem {
        code: error.code,
        reason: error.reason,
        detail: error.message,
        violations: error.violations,
        retry_after: error.retry_after,
    }
}
