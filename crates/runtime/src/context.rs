//! What follows a request from service to service: its id, its caller's token and its trace.

use std::{net::IpAddr, time::Duration};

use http::HeaderMap;
use opentelemetry::propagation::{Extractor, Injector};
use pupila_core::RequestId;
use tonic::metadata::{MetadataMap, MetadataValue};

use crate::identity::Credential;

/// The header with the request's id, in HTTP and in gRPC.
pub const REQUEST_ID: &str = "x-request-id";
/// The gRPC header with the network address that the request came from.
pub(crate) const CLIENT_ADDRESS: &str = "x-pupila-client-address";

/// One request, as the one who handles it knows it.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// Its id.
    pub request_id: RequestId,
    /// The token of the one on whose behalf it is made.
    pub credential: Credential,
    /// The network address that it came from.
    pub address: Option<IpAddr>,
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
        let metadata = request.metadata_mut();
        self.credential.attach(metadata);
        attach(metadata, REQUEST_ID, self.request_id.as_str());
        if let Some(address) = self.address {
            attach(metadata, CLIENT_ADDRESS, &address.to_string());
        }
        request
    }
}

/// Adds a header whose value is known to be plain ASCII.
fn attach(metadata: &mut MetadataMap, name: &'static str, value: &str) {
    if let Ok(value) = MetadataValue::try_from(value) {
        metadata.insert(name, value);
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
