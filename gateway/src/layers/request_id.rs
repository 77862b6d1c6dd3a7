//! Names every request and where it came from: the first thing that happens, and the last header that is written.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderValue;
use pupila_core::{Clock, RequestId};
use pupila_runtime::{
    context::{REQUEST_ID, RequestContext},
    identity::Credential,
};

use super::client_address::{Peer, TrustedProxies};

/// Takes the caller's `x-request-id` if it is plain enough, else a new one, and answers with it.
pub(crate) async fn assign(
    State((clock, proxies)): State<(Arc<dyn Clock>, TrustedProxies)>,
    mut request: Request,
    next: Next,
) -> Response {
    let theirs = request.headers().get(REQUEST_ID);
    let request_id = theirs
        .and_then(|value| value.to_str().ok())
        .and_then(RequestId::accept)
        .unwrap_or_else(|| RequestId::new(clock.now()));
    let header = HeaderValue::from_str(request_id.as_str());
    let peer = request.extensions().get::<Peer>().copied();
    let address = peer.map(|peer| proxies.client(peer, request.headers()));
    request.extensions_mut().insert(RequestContext {
        request_id,
        // Who calls is found out by the handlers that need to know.
        credential: Credential::NONE,
        address,
    });
    let mut response = next.run(request).await;
    if let Ok(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    response
}
