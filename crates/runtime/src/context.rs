//! What follows a request from service to service: its id, its caller and its trace.

use std::time::Duration;

use http::HeaderMap;
use opentelemetry::propagation::{Extractor, Injector};
use pupila_core::{Principal, RequestId};
use tonic::metadata::MetadataValue;

use crate::identity;

/// The header with the request's id, in HTTP and in gRPC.
pub const REQUEST_ID: &str = "x-request-id";

/// One request, as the one who handles it knows it.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// Its id.
    pub request_id: RequestId,
    /// On whose behalf it is made.
    pub principal: Principal,
}

impl RequestContext {
    /// A call to a service as part of this request, which is given up after `timeout`.
    pub fn call<T>(&self, message: T, timeout: Duration) -> tonic::Request<T> {
        let mut request = self.stream(message);
        // For a service elsewhere, and for the transport of this process.
        request.set_timeout(timeout);
        request.extensions_mut().insert(CallTimeout(timeout));
        request
    }

    /// A call whose answer is a stream, which may last as long as its reader likes.
    pub fn stream<T>(&self, message: T) -> tonic::Request<T> {
        let mut request = tonic::Request::new(message);
        identity::attach(self.principal, request.metadata_mut());
        // A request id was checked to be plain ASCII.
        if let Ok(value) = MetadataValue::try_from(self.request_id.as_str()) {
            request.metadata_mut().insert(REQUEST_ID, value);
        }
        request
    }
}

/// How long a call may take; the transport enforces it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallTimeout(pub(crate) Duration);

/// Writes the trace of an outgoing call into its headers (W3C Trace Context).
pub(crate) struct TraceInjector<'a>(pub(crate) &'a mut HeaderMap);

impl Injector for TraceInjector<'_> {
    fn set(&mut self, key: &str, value: String) {
        let name = http::HeaderName::try_from(key);
        let value = http::HeaderValue::try_from(value);
        if let (Ok(name), Ok(value)) = (name, value) {
            self.0.insert(name, value);
        }
    }
}

/// Reads the trace of an incoming call from its headers (W3C Trace Context).
pub struct TraceExtractor<'a>(pub &'a HeaderMap);

impl Extractor for TraceExtractor<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}
