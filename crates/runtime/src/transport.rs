//! How a gRPC client reaches its service: over the network, or inside this process.

use std::{convert::Infallible, time::Duration};

use http::{Request, Response};
use tonic::{Status, body::Body, transport::Endpoint};
use tower::{Service, ServiceBuilder, ServiceExt as _, util::BoxCloneSyncService};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::{context::TraceInjector, grpc::trace_server};

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
        .http2_keep_alive_interval(KEEP_ALIVE)
        .connect_lazy();
    Ok(BoxCloneSyncService::new(
        ServiceBuilder::new()
            .map_request(trace_client)
            .map_err(|error| Status::from_error(Box::new(error)))
            .service(channel),
    ))
}

/// A service in this process: the same messages and the same spans, with no network between.
pub fn in_process<S>(server: S) -> Transport
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
{
    let served =
        tower::service_fn(move |request: Request<Body>| trace_server(request, server.clone()));
    BoxCloneSyncService::new(
        served
            .map_request(trace_client)
            .map_err(|never: Infallible| match never {}),
    )
}

/// Hands the current span's trace on to the service.
fn trace_client(mut request: Request<Body>) -> Request<Body> {
    let context = tracing::Span::current().context();
    opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut TraceInjector(request.headers_mut()));
    });
    request
}
