//! The gRPC side of a service: its methods, health, reflection, a span per call, and a graceful stop.

use std::{convert::Infallible, future::Future, net::SocketAddr, time::Duration};

use http::{Request, Response};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tonic::{body::Body, server::NamedService, service::Routes, transport::Server};
use tonic_health::ServingStatus;
use tower::{Service, ServiceExt as _, layer::layer_fn};
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::{
    admin,
    context::{REQUEST_ID, TraceExtractor},
    process::{Process, ServerConfig, StartError},
    readiness::Parts,
};

/// Calls that are read and worked on at once for one client; more wait unread.
const MAX_CALLS: usize = 128;
/// How often readiness is asked again for the health service.
const HEALTH_INTERVAL: Duration = Duration::from_secs(5);

/// Serves one service and its admin port until the process is told to stop: the body of a service's own binary.
///
/// # Errors
/// An address that cannot be listened on, or a listener that breaks.
pub async fn host<S>(
    config: &ServerConfig,
    service: S,
    parts: Parts,
    process: Process,
) -> Result<(), StartError>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
{
    let Process { metrics, stop } = process;
    let admin = admin::serve(config.admin_listen, parts.clone(), metrics, stop.clone()).await?;
    let (listening, serving) = serve(config.listen, service, parts, stop).await?;
    tracing::info!(%listening, %admin, service = S::NAME, "ready");
    serving.await
}

/// Serves one service on `listen` until `stop`, then finishes the calls in flight.
/// Returns once it listens; the future inside ends when the last call has.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve<S>(
    listen: SocketAddr,
    service: S,
    parts: Parts,
    stop: CancellationToken,
) -> Result<(SocketAddr, impl Future<Output = Result<(), StartError>>), StartError>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
{
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let (reporter, health) = tonic_health::server::health_reporter();
    tokio::spawn(report_health(reporter, S::NAME, parts, stop.clone()));
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(pupila_proto::DESCRIPTORS)
        .build_v1()?;
    let routes = Routes::new(service)
        .add_service(health)
        .add_service(reflection);
    let serving = Server::builder()
        .tcp_nodelay(true)
        .concurrency_limit_per_connection(MAX_CALLS)
        .layer(layer_fn(|routes: Routes| {
            tower::service_fn(move |request| trace_server(request, routes.clone()))
        }))
        .add_routes(routes)
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), stop.cancelled_owned());
    Ok((address, async move { Ok(serving.await?) }))
}

/// Serves one call inside a span that continues the caller's trace and carries the request's id.
pub(crate) fn trace_server<S>(
    request: Request<Body>,
    server: S,
) -> impl Future<Output = Result<S::Response, S::Error>>
where
    S: Service<Request<Body>>,
{
    let span = call_span(&request);
    server.oneshot(request).instrument(span)
}

fn call_span(request: &Request<Body>) -> Span {
    let method = request.uri().path();
    let request_id = request.headers().get(REQUEST_ID);
    // An error's level, so that every line has its request's id whatever the log level.
    let span = tracing::error_span!(
        "rpc",
        otel.kind = "server",
        otel.name = method,
        rpc.method = method,
        request_id = request_id.and_then(|value| value.to_str().ok()),
    );
    let parent = opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.extract(&TraceExtractor(request.headers()))
    });
    // Without a collector there is no trace to continue.
    let _ = span.set_parent(parent);
    span
}

/// Keeps the standard health service (grpc.health.v1) in step with the parts. Stops serving on `stop`,
/// so that balancers look elsewhere while the last calls finish.
async fn report_health(
    reporter: tonic_health::server::HealthReporter,
    name: &'static str,
    parts: Parts,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(HEALTH_INTERVAL);
    loop {
        let status = tokio::select! {
            () = stop.cancelled() => ServingStatus::NotServing,
            _ = ticks.tick() => match parts.missing().await {
                missing if missing.is_empty() => ServingStatus::Serving,
                missing => {
                    tracing::warn!(?missing, "not ready");
                    ServingStatus::NotServing
                }
            },
        };
        // The empty name stands for the whole server.
        reporter.set_service_status("", status).await;
        reporter.set_service_status(name, status).await;
        if stop.is_cancelled() {
            return;
        }
    }
}
