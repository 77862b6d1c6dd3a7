//! Accepting connections: bounded in number, patient with slow senders up to a point, and stopped gracefully.

mod lingering;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
    service::TowerToHyperService,
};
use pupila_core::Clock;
use pupila_runtime::{
    admin,
    process::{Process, StartError},
    readiness::Parts,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use self::lingering::Lingering;
use crate::{
    app::{Gateway, router},
    config::GatewayConfig,
    layers::client_address::Peer,
    upstreams::Upstreams,
};

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a client may leave what was sent to it unread: it gets nothing more then, and its connection ends.
const READER_TIMEOUT: Duration = Duration::from_secs(60);
/// Requests at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 64;
/// How long to wait when accepting fails, for example because all file descriptors are taken.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves the API and the admin port until the process is told to stop. `ready` is told where it listens.
///
/// # Errors
/// An address that cannot be listened on.
pub async fn host(
    upstreams: Upstreams,
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
    let gateway = Gateway::new(config, upstreams, Arc::clone(&clock), stop.clone());
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
    while let Some((stream, peer, place)) = accept(&listener, &places, &stop).await {
        let (router, watcher, stop) = (router.clone(), graceful.watcher(), stop.clone());
        tokio::spawn(async move {
            // Without it, small streamed pieces wait up to 40 ms for each other (Nagle with delayed ACK).
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY was not set");
            }
            if first_byte(&stream, &stop).await
                && let Err(error) = connection(stream, peer, router, watcher).await
            {
                tracing::debug!(error, "a connection broke");
            }
            drop(place);
        });
    }
    graceful.shutdown().await;
}

/// The next connection, where it comes from, and its place; `None` when it is time to stop.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, Peer, OwnedSemaphorePermit)> {
    let next = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, address)) => return Some((stream, Peer(address.ip()), place)),
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => None,
        next = next => next,
    }
}

/// Waits for the first byte. The HTTP version is read from it, and hyper's own timeout starts after that only.
async fn first_byte(stream: &TcpStream, stop: &CancellationToken) -> bool {
    let mut byte = [0];
    let first = tokio::time::timeout(HEAD_TIMEOUT, stream.peek(&mut byte));
    tokio::select! {
        () = stop.cancelled() => false,
        first = first => matches!(first, Ok(Ok(1))),
    }
}

fn connection(
    stream: impl AsyncRead + AsyncWrite + Send + 'static,
    peer: Peer,
    router: Router,
    watcher: Watcher,
) -> impl Future<Output = Result<(), String>> + Send + 'static {
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.map(Body::new)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEAD_TIMEOUT)
        .max_concurrent_streams(MAX_STREAMS);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(READER_TIMEOUT));
    let connection = builder
        .serve_connection(
            TokioIo::new(Lingering::new(Box::pin(stream))),
            TowerToHyperService::new(service),
        )
        .into_owned();
    let watched = watcher.watch(connection);
    async move { watched.await.map_err(|error| error.to_string()) }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, net::Ipv4Addr};

    use axum::routing::get;
    use bytes::Bytes;
    use futures_util::{StreamExt as _, stream};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

    use super::*;

    /// What the system keeps of an answer that nobody reads.
    const KEPT: usize = 4096;

    /// A client whose request is on its way, for an answer without an end.
    async fn client() -> (
        DuplexStream,
        impl Future<Output = Result<(), String>>,
        GracefulShutdown,
    ) {
        let endless = get(async || {
            let pieces = stream::repeat(Bytes::from_static(&[0; KEPT]));
            Body::from_stream(pieces.map(Ok::<_, Infallible>))
        });
        let router = Router::new().route("/", endless);
        let (mut client, server) = tokio::io::duplex(KEPT);
        let request = b"GET / HTTP/1.1\r\nhost: pupila\r\n\r\n";
        client.write_all(request).await.expect("room for it");
        let graceful = GracefulShutdown::new();
        let peer = Peer(Ipv4Addr::LOCALHOST.into());
        let connection = connection(server, peer, router, graceful.watcher());
        (client, connection, graceful)
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_read_is_left() {
        let (_client, connection, _graceful) = client().await;
        let ended = tokio::time::timeout(2 * READER_TIMEOUT, connection).await;
        ended.expect("in time").expect_err("nobody reads");
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_gets_all_of_it() {
        let (mut client, connection, _graceful) = client().await;
        let serving = tokio::spawn(connection);
        for _ in 0..10 {
            tokio::time::advance(READER_TIMEOUT / 2).await;
            client.read_exact(&mut [0; KEPT]).await.expect("more of it");
        }
        assert!(!serving.is_finished());
    }
}
