//! Accepting connections: bounded in number, patient with slow senders up to a point, and stopped gracefully.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use pupila_core::Clock;
use pupila_runtime::{
    admin,
    process::{Process, StartError},
    readiness::Parts,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::{
    app::{Gateway, router},
    config::GatewayConfig,
};

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long to wait when accepting fails, for example because all file descriptors are taken.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves the API and the admin port until the process is told to stop. `ready` is told where it listens.
///
/// # Errors
/// An address that cannot be listened on.
pub async fn host(
    gateway: Gateway,
    config: &GatewayConfig,
    clock: Arc<dyn Clock>,
    parts: Parts,
    process: Process,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), StartError> {
    let Process { metrics, stop } = process;
    let listener = listen(config.listen()).await?;
    admin::serve(config.admin_listen, parts, metrics, stop.clone())
        .await
        .map_err(|error| format!("gateway.admin_listen: {}: {error}", config.admin_listen))?;
    ready(listener.local_addr()?);
    let router = router(gateway, config, clock);
    serve(listener, router, config.limits.max_connections, stop).await;
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| format!("gateway.host, gateway.port: {address}: {error}").into())
}

/// Serves `router` on `listener` until `stop`, then finishes the requests in flight.
/// More than `max_connections` wait to be accepted.
async fn serve(
    listener: TcpListener,
    router: Router,
    max_connections: usize,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(max_connections.min(Semaphore::MAX_PERMITS)));
    let graceful = GracefulShutdown::new();
    while let Some(stream) = accept(&listener, &stop).await {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        let connection = connection(stream, router.clone(), &graceful);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error, "a connection broke");
            }
            drop(place);
        });
    }
    graceful.shutdown().await;
}

async fn accept(listener: &TcpListener, stop: &CancellationToken) -> Option<TcpStream> {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return None,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => return Some(stream),
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn connection(
    stream: TcpStream,
    router: Router,
    graceful: &GracefulShutdown,
) -> impl Future<Output = Result<(), String>> + Send + 'static {
    // Without it, small streamed pieces wait up to 40 ms for each other (Nagle with delayed ACK).
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was not set");
    }
    let service = router.map_request(|request: Request<Incoming>| request.map(Body::new));
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    builder.http2().timer(TokioTimer::new());
    let connection = builder
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .into_owned();
    let watched = graceful.watch(connection);
    async move { watched.await.map_err(|error| error.to_string()) }
}
