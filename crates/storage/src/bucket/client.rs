//! How often and how long a server is asked, and what its refusals mean.

use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use object_store::{
    BackoffConfig, ClientOptions, RetryConfig,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
        HttpService, ReqwestConnector,
    },
};

/// Two more attempts, the last of which begins before `timeout` has passed. Together with the timeout on the server's
/// silence this bounds how long a dead server is waited for: at most twice `timeout`, and a little.
pub(super) fn retries(timeout: Duration) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            base: 2.0,
        },
        max_retries: 2,
        retry_timeout: timeout,
    }
}

/// The server does not do it, now or at all.
#[derive(Debug, thiserror::Error)]
#[error("the server answered {status}: {body}")]
pub(crate) struct Refusal {
    status: StatusCode,
    body: String,
}

impl Refusal {
    /// Whether the same request may succeed later. S3 answers 500 and 503 when it is overloaded.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList>
    pub(crate) fn passes(&self) -> bool {
        passes(self.status)
    }

    /// Whether it is because of who asks.
    pub(crate) fn is_personal(&self) -> bool {
        is_personal(self.status)
    }
}

fn passes(status: StatusCode) -> bool {
    match status {
        StatusCode::NOT_IMPLEMENTED => false,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => true,
        status => status.is_server_error(),
    }
}

fn is_personal(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// Connects as `object_store` does by itself, but gives refusals a type: its own errors show many of them in their
/// text alone.
#[derive(Debug)]
pub(super) struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        Ok(HttpClient::new(Client(client)))
    }
}

#[derive(Debug)]
struct Client(HttpClient);

#[async_trait]
impl HttpService for Client {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let response = self.0.execute(request).await?;
        let status = response.status();
        let kind = match status {
            // These are tried again.
            status if passes(status) => HttpErrorKind::Request,
            status if is_personal(status) => HttpErrorKind::Unknown,
            _ => return Ok(response),
        };
        // Says more in XML, where there is anything.
        let body = response.into_body().bytes().await.unwrap_or_default();
        let body = String::from_utf8_lossy(&body).into_owned();
        Err(HttpError::new(kind, Refusal { status, body }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overloaded_server_may_be_asked_again() {
        for status in [408, 429, 500, 502, 503, 504] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert!(passes(status), "{status}");
        }
        for status in [200, 206, 304, 403, 404, 416, 501] {
            let status = StatusCode::from_u16(status).expect("a status");
            assert!(!passes(status), "{status}");
        }
    }
}
