//! Problems on their way out: the status, and the headers that tell what to do.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use pupila_core::ErrorCode;

use super::{MEDIA_TYPE, Problem};

impl Problem {
    pub(crate) fn status(&self) -> StatusCode {
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
                "TOKEN_INVALID" | "TOKEN_EXPIRED" | "API_KEY_INVALID" | "ACCOUNT_ENDED"
                | "SESSION_ENDED",
            ) => Some("Bearer error=\"invalid_token\""),
            (ErrorCode::Unauthenticated, _) => Some("Bearer"),
            (_, "SCOPE_MISSING") => Some("Bearer error=\"insufficient_scope\""),
            _ => None,
        }
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
    use pupila_core::Fault;
    use pupila_runtime::identity::AccessError;

    use super::*;

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
