//! Errors as callers see them: `application/problem+json` (RFC 9457), made in one place.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use pupila_core::{ErrorCode, Fault, FieldViolation};
use pupila_runtime::rpc::RpcError;
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of [`ProblemBody`].
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Longest path of a field that is told back, in characters.
const MAX_POINTER: usize = 200;

/// A failed request, on its way out. The problem layer writes it, with the request's id.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    code: ErrorCode,
    reason: String,
    detail: String,
    violations: Vec<FieldViolation>,
    retry_after: Option<Duration>,
}

/// A failed request, as JSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    #[serde(flatten)]
    problem: FileProblem,
    /// The request's id, the same as in `x-request-id`.
    request_id: String,
}

/// What went wrong with a whole request, or with one of its files.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileProblem {
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// A stable name in upper snake case; `docs/errors.md` lists them.
    #[schema(example = "MODEL_NOT_FOUND")]
    code: String,
    /// The kind of failure in words.
    #[schema(example = "Not Found")]
    title: String,
    /// What went wrong this time.
    detail: String,
    /// The fields at fault, where single fields are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

/// One field at fault.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// JSON pointer (RFC 6901) to the field.
    #[schema(example = "/parameters/threshold")]
    pointer: String,
    /// What is wrong, and what is allowed.
    detail: String,
}

impl Problem {
    pub(crate) fn body(&self, request_id: &str) -> ProblemBody {
        ProblemBody {
            problem: self.of_file(),
            request_id: request_id.to_owned(),
        }
    }

    /// As one of several results of a request.
    pub(crate) fn of_file(&self) -> FileProblem {
        let status = self.status();
        let errors = self.violations.iter().map(|violation| FieldError {
            pointer: pointer(&violation.field),
            detail: violation.description.clone(),
        });
        FileProblem {
            status: status.as_u16(),
            code: self.reason.clone(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            detail: self.detail.clone(),
            errors: errors.collect(),
        }
    }

    /// The same problem, its fields under other names.
    pub(crate) fn rename_fields(mut self, rename: impl Fn(&str) -> String) -> Self {
        for violation in &mut self.violations {
            violation.field = rename(&violation.field);
        }
        self
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.http()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// When it may be worth trying again, where nobody told: soon where a queue was full, later where a service is
    /// down.
    fn retry_after(&self) -> Option<Duration> {
        self.retry_after.or(match self.code {
            ErrorCode::ResourceExhausted => Some(Duration::from_secs(1)),
            ErrorCode::Unavailable | ErrorCode::DeadlineExceeded => Some(Duration::from_secs(5)),
            _ => None,
        })
    }

    /// How to tell who calls (RFC 6750, section 3), where that is what went wrong.
    fn challenge(&self) -> Option<&'static str> {
        match (self.code, self.reason.as_str()) {
            (
                ErrorCode::Unauthenticated,
                "TOKEN_INVALID" | "TOKEN_EXPIRED" | "API_KEY_INVALID" | "ACCOUNT_ENDED",
            ) => Some("Bearer error=\"invalid_token\""),
            (ErrorCode::Unauthenticated, _) => Some("Bearer"),
            (_, "SCOPE_MISSING") => Some("Bearer error=\"insufficient_scope\""),
            _ => None,
        }
    }
}

/// The field's path as a JSON pointer, cut where somebody made it very long. `/` parts the names, so only `~` is left
/// to escape.
fn pointer(field: &str) -> String {
    let field: String = field.chars().take(MAX_POINTER).collect();
    format!("/{}", field.replace('~', "~0"))
}

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
    answer
        .map(tonic::Response::into_inner)
        .map_err(|status| from_rpc(status.into()))
}

/// What a service answered instead of a result.
pub(crate) fn from_rpc(error: RpcError) -> Problem {
    Problem {
        code: error.code,
        reason: error.reason,
        detail: error.message,
        violations: error.violations,
        retry_after: error.retry_after,
    }
}

impl IntoResponse for Problem {
    /// A response without a body, which carries the problem for the layer that writes it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(delay) = self.retry_after() {
            // Rounded up: a second too early is too early.
            let seconds = delay.as_millis().div_ceil(1000).max(1);
            let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = self.challenge() {
            let challenge = HeaderValue::from_static(challenge);
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use pupila_runtime::identity::AccessError;

    use super::*;

    #[test]
    fn a_field_becomes_a_json_pointer() {
        assert_eq!(pointer("parameters/threshold"), "/parameters/threshold");
        assert_eq!(pointer("a~b"), "/a~0b");
    }

    fn header_of(fault: impl Fault, name: header::HeaderName) -> Option<String> {
        let response = Problem::from(fault).into_response();
        let value = response.headers().get(name)?;
        value.to_str().ok().map(ToOwned::to_owned)
    }

    #[test]
    fn who_is_not_known_is_told_how_to_say_so() {
        let challenge = |fault| header_of(fault, header::WWW_AUTHENTICATE);
        assert_eq!(challenge(AccessError::Missing).as_deref(), Some("Bearer"));
        let expired = "Bearer error=\"invalid_token\"";
        assert_eq!(challenge(AccessError::Expired).as_deref(), Some(expired));
        assert_eq!(challenge(AccessError::AdminOnly), None);
    }

    #[derive(Debug, thiserror::Error)]
    #[error("too many attempts")]
    struct Locked(Option<Duration>);

    impl Fault for Locked {
        fn code(&self) -> ErrorCode {
            ErrorCode::ResourceExhausted
        }
        fn reason(&self) -> &'static str {
            "LOCKED"
        }
        fn retry_after(&self) -> Option<Duration> {
            self.0
        }
    }

    #[test]
    fn who_knows_how_long_to_wait_is_believed() {
        let delay = |locked| header_of(locked, header::RETRY_AFTER);
        assert_eq!(delay(Locked(None)).as_deref(), Some("1"));
        let known = Locked(Some(Duration::from_millis(89_001)));
        assert_eq!(delay(known).as_deref(), Some("90"));
        assert_eq!(delay(Locked(Some(Duration::ZERO))).as_deref(), Some("1"));
    }
}
