//! The gRPC side of a service: its methods behind a guard, health, reflection, a span per call, and a graceful stop.

use std::{convert::Infallible, future::Future, net::SocketAddr, time::Duration};

use http::{Request, Response};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{
    body::Body,
    server::NamedService,
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::ServingStatus;
use tower::{Service, ServiceExt as _, layer::layer_fn};
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::{
    admin,
    context::{REQUEST_ID, TraceExtractor},
    flow,
    identity::Guard,
    process::{Process, ServerConfig, StartError},
    readiness::Parts,
    rpc,
};

/// Calls that are read and worked on at once for one client; more wait unread.
const MAX_CALLS: usize = 128;
/// How often readiness is asked again for the health service.
const HEALTH_INTERVAL: Duration = Duration::from_secs(5);

/// What answers gRPC calls.
pub trait Rpc:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Rpc for S where
    S: Service<
            Request<Body>,
            Response = Response<Body>,
            Error = Infallible,
            Future: Send + 'static,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

/// The gRPC services that a process or a part of it offers.
#[derive(Debug, Clone, Default)]
pub struct RpcServices {
    routes: Routes,
    names: Vec<&'static str>,
}

impl RpcServices {
    /// These and one more.
    #[must_use]
    pub fn with<S: Rpc + NamedService>(mut self, service: S) -> Self {
        self.routes = self.routes.add_service(service);
        self.names.push(S::NAME);
        self
    }

    pub(crate) fn into_routes(self) -> Routes {
        self.routes
    }
}

/// Serves gRPC services and the admin port until the process is told to stop: the body of a service's own binary.
///
/// # Errors
/// An address that cannot be listened on, or a listener that breaks.
pub async fn host(
    config: &ServerConfig,
    services: RpcServices,
    guard: Guard,
    parts: Parts,
    process: Process,
) -> Result<(), StartError> {
    let Process { metrics, stop } = process;
    let admin = admin::serve(config.admin_listen, parts.clone(), metrics, stop.clone())
        .await
        .map_err(|error| format!("server.admin_listen: {}: {error}", config.admin_listen))?;
    let names = services.names.join(", ");
    let (listening, serving) = serve(config.listen, services, guard, parts, stop).await?;
    tracing::info!(%listening, %admin, services = names, "ready");
    serving.await
}

/// Serves gRPC services on `listen` until `stop`, then finishes the calls in flight.
/// Returns once it listens; the future inside ends when the last call has.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(
    listen: SocketAddr,
    services: RpcServices,
    guard: Guard,
    parts: Parts,
    stop: CancellationToken,
) -> Result<(SocketAddr, impl Future<Output = Result<(), StartError>>), StartError> {
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("server.listen: {listen}: {error}"))?;
    let address = listener.local_addr()?;
    let (reporter, health) = tonic_health::server::health_reporter();
    tokio::spawn(report_health(reporter, services.names, parts, stop.clone()));
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(pupila_proto::DESCRIPTORS)
        .build_v1()?;
    let routes = services.routes.add_service(health).add_service(reflection);
    // An answer is several writes, and the last would wait until the caller's system acknowledges those before it: up to 40 ms.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let serving = Server::builder()
        .initial_stream_window_size(flow::STREAM_WINDOW)
        .initial_connection_window_size(flow::CONNECTION_WINDOW)
        .max_concurrent_streams(flow::MAX_STREAMS)
        .concurrency_limit_per_connection(MAX_CALLS)
        .layer(layer_fn(move |routes: Routes| {
            let guard = guard.clone();
            tower::service_fn(move |request| answer(request, routes.clone(), guard.clone()))
        }))
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, stop.cancelled_owned());
    Ok((address, async move { Ok(serving.await?) }))
}

/// Answers one call that the guard lets in, inside a span that continues the caller's trace and carries the
/// request's id.
pub(crate) fn answer<S: Rpc>(
    mut request: Request<Body>,
    server: S,
    guard: Guard,
) -> impl Future<Output = Result<Response<Body>, Infallible>> {
    let span = call_span(&request);
    let answer = async move {
        match guard.admit(&mut request).await {
            Ok(()) => server.oneshot(request).await,
            Err(error) => Ok(rpc::into_status(error).into_http()),
        }
    };
    answer.instrument(span)
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
    names: Vec<&'static str>,
    parts: Parts,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(HEALTH_INTERVAL);
    let mut missed = Vec::new();
    loop {
        let status = tokio::select! {
            () = stop.cancelled() => ServingStatus::NotServing,
            _ = ticks.tick() => {
                let missing = parts.missing().await;
                tell(&missed, &missing);
                missed = missing;
                if missed.is_empty() { ServingStatus::Serving } else { ServingStatus::NotServing }
            }
        };
        // The empty name stands for the whole server.
        for name in names.iter().copied().chain([""]) {
            reporter.set_service_status(name, status).await;
        }
        if stop.is_cancelled() {
            return;
        }
    }
}

/// Says once that something is missing, and once that nothing is any more.
fn tell(missed: &[String], missing: &[String]) {
    if missed == missing {
        return;
    }
    match missing {
        [] => tracing::info!("ready again"),
        missing => tracing::warn!(?missing, "not ready"),
    }
}
