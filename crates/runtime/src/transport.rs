//! How a gRPC client reaches its service: over the network, or inside this process.

use std::{convert::Infallible, time::Duration};

use http::{Request, Response};
use tonic::{Status, body::Body, transport::Endpoint};
use tower::{Service, ServiceExt as _, util::BoxCloneSyncService};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::{
    context::{CallTimeout, TraceInjector},
    flow,
    grpc::{self, Rpc, RpcServices},
    identity::Guard,
};

/// What every generated client is built on, so that nothing else knows which way its calls go.
/// Its error is a status and no boxed error, because the handlers' futures must be `Send` for every lifetime.
pub type Transport = BoxCloneSyncService<Request<Body>, Response<Body>, Status>;

/// How long a connection may take to come up.
const CONNECT: Duration = Duration::from_secs(2);
/// How often an idle connection is asked whether it still lives.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// A service behind `address`, such as `http://history:50051`. Connects on first use and again when broken.
///
/// # Errors
/// The text is no address.
pub fn remote(address: &str) -> Result<Transport, tonic::transport::Error> {
    let channel = Endpoint::from_shared(address.to_owned())?
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .initial_stream_window_size(flow::STREAM_WINDOW)
        .initial_connection_window_size(flow::CONNECTION_WINDOW)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .keep_alive_while_idle(true)
        .connect_lazy();
    Ok(client(
        channel.map_err(|error| Status::from_error(Box::new(error))),
    ))
}

/// Services in this process: the same messages, the same guard and the same spans, with no network between.
#[must_use]
pub fn in_process(services: RpcServices, guard: Guard) -> Transport {
    local(services.into_routes(), guard)
}

fn local(server: impl Rpc, guard: Guard) -> Transport {
    let served = tower::service_fn(move |request: Request<Body>| {
        grpc::answer(request, server.clone(), guard.clone())
    });
    client(served.map_err(|never: Infallible| match never {}))
}

/// What happens to a call on its way out, whichever way it goes.
fn client<S>(service: S) -> Transport
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Status>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
{
    let bounded = tower::service_fn(move |request: Request<Body>| {
        let timeout = request.extensions().get::<CallTimeout>().copied();
        let answer = service.clone().oneshot(request);
        async move {
            match timeout {
                None => answer.await,
                Some(CallTimeout(limit)) => tokio::time::timeout(limit, answer)
                    .await
                    .unwrap_or_else(|_| Err(Status::deadline_exceeded("the call timed out"))),
            }
        }
    });
    BoxCloneSyncService::new(bounded.map_request(trace_client))
}

/// Hands the current span's trace on to the service.
fn trace_client(mut request: Request<Body>) -> Request<Body> {
    let context = tracing::Span::current().context();
    opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut TraceInjector(request.headers_mut()));
    });
    request
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use pupila_core::{RequestId, SystemClock};

    use super::*;
    use crate::{
        context::RequestContext,
        identity::{Credential, VerificationKey, Verifier},
    };

    #[tokio::test(start_paused = true)]
    async fn a_call_inside_this_process_is_given_up_in_time() {
        let stuck = tower::service_fn(|_: Request<Body>| std::future::pending());
        let nobody = Verifier::new(Vec::<VerificationKey>::new(), Arc::new(SystemClock));
        let context = RequestContext {
            request_id: RequestId::accept("r").expect("plain"),
            credential: Credential::NONE,
            address: None,
        };
        let call = context.call(Body::empty(), Duration::from_secs(3));
        let (_, extensions, body) = call.into_parts();
        let mut request = Request::new(body);
        *request.uri_mut() = "/grpc.health.v1.Health/Check".parse().expect("a path");
        request
            .extensions_mut()
            .insert(extensions.get::<CallTimeout>().copied().expect("set"));
        let answer = local(stuck, Guard::new(nobody)).oneshot(request).await;
        let status = answer.expect_err("no answer in time");
        assert_eq!(status.code(), tonic::Code::DeadlineExceeded);
    }
}
