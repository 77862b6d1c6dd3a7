//! Calls to real servers that end in every way but with an answer.

use std::{convert::Infallible, future::pending, net::SocketAddr, sync::Arc};

use http::{Request, Response};
use pupila_core::ErrorCode;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::{Notify, oneshot},
    task::{JoinHandle, spawn_blocking},
};
use tokio_util::sync::CancellationToken;
use tonic::{
    Status,
    body::Body,
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tower::{ServiceExt as _, layer::layer_fn};

use crate::{
    rpc::RpcError,
    transport::{self, Transport},
};

/// The length of what a connection begins with (RFC 9113, 3.4).
const PREFACE: usize = 24;
/// The type of the frame that begins a call.
const HEADERS: u8 = 1;
/// An empty SETTINGS frame, with which a server begins.
const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];

/// What becomes of calls.
#[derive(Debug, Clone, Copy)]
enum Act {
    /// They are answered.
    Answer,
    /// They are answered when the story says so.
    Hold,
    Panic,
    SayUnavailable,
    /// They are answered with more headers than anybody reads.
    SayTooMuch,
}

/// A service that ends at once when its runtime does, as a process that is killed.
struct Service {
    /// `None` where it has ended.
    runtime: Option<Runtime>,
    address: SocketAddr,
    begun: Arc<Notify>,
    goes: Arc<Notify>,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Service {
    async fn start(act: Act) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let (begun, goes) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let stop = CancellationToken::new();
        let (listens, listening) = oneshot::channel();
        let gates = (begun.clone(), goes.clone());
        let serving = runtime.spawn(serve(act, gates, listens, stop.clone()));
        Self {
            serving,
            address: listening.await.expect("it listens"),
            runtime: Some(runtime),
            begun,
            goes,
            stop,
        }
    }

    fn client(&self) -> HealthClient<Transport> {
        client(self.address)
    }

    /// No time for anything. Returns when its sockets are closed.
    async fn kill(mut self) {
        let runtime = self.runtime.take();
        let killed = spawn_blocking(|| drop(runtime));
        killed.await.expect("no panic");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(
    act: Act,
    gates: (Arc<Notify>, Arc<Notify>),
    listens: oneshot::Sender<SocketAddr>,
    stop: CancellationToken,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    listens.send(address).expect("somebody waits");
    let (_reporter, health) = tonic_health::server::health_reporter();
    let acting = layer_fn(move |routes: Routes| {
        let (begun, goes) = gates.clone();
        tower::service_fn(move |request: Request<Body>| {
            let (begun, goes, routes) = (begun.clone(), goes.clone(), routes.clone());
            async move {
                begun.notify_one();
                match act {
                    Act::Answer => {}
                    Act::Hold => goes.notified().await,
                    Act::Panic => panic!("on purpose"),
                    Act::SayUnavailable => {
                        return Ok::<Response<Body>, Infallible>(
                            Status::unavailable("not now").into_http(),
                        );
                    }
                    Act::SayTooMuch => {
                        return Ok(Status::unavailable("n".repeat(40_000)).into_http());
                    }
                }
                routes.oneshot(request).await
            }
        })
    });
    let serving = Server::builder()
        .layer(acting)
        .add_service(health)
        .serve_with_incoming_shutdown(TcpIncoming::from(listener), stop.cancelled_owned());
    serving.await.expect("it served");
}

fn client(address: SocketAddr) -> HealthClient<Transport> {
    let transport = transport::remote(&format!("http://{address}")).expect("an address");
    HealthClient::new(transport)
}

async fn call(mut client: HealthClient<Transport>) -> Result<(), RpcError> {
    client.check(HealthCheckRequest::default()).await?;
    Ok(())
}

/// What is known of a call that was not begun.
fn assert_unbegun(error: &RpcError) {
    assert_eq!(error.code, ErrorCode::Unavailable, "{error:?}");
    assert_eq!(error.reason, "UNAVAILABLE");
    assert!(!error.was_lost());
}

fn assert_lost(error: &RpcError) {
    assert_eq!(error.code, ErrorCode::Unavailable, "{error:?}");
    assert_eq!(error.reason, "SERVICE_LOST");
    assert!(error.was_lost());
}

#[tokio::test]
async fn a_service_that_is_killed_over_a_call_is_lost() {
    let service = Service::start(Act::Hold).await;
    let answer = tokio::spawn(call(service.client()));
    service.begun.notified().await;
    service.kill().await;
    let answer = answer.await.expect("no panic");
    assert_lost(&answer.expect_err("killed"));
}

#[tokio::test]
async fn a_service_that_is_killed_over_its_answer_is_lost() {
    let service = Service::start(Act::Answer).await;
    let news = service.client().watch(HealthCheckRequest::default()).await;
    let mut news = news.expect("there").into_inner();
    news.message().await.expect("there").expect("the first one");
    service.kill().await;
    let error = news.message().await.expect_err("killed");
    assert_lost(&error.into());
}

#[tokio::test]
async fn a_service_that_is_not_there_has_begun_nothing() {
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = gone.local_addr().expect("bound");
    drop(gone);
    assert_unbegun(&call(client(address)).await.expect_err("nobody"));
}

#[tokio::test]
async fn a_service_that_was_there_before_has_begun_nothing() {
    let service = Service::start(Act::Hold).await;
    let client = service.client();
    let first = tokio::spawn(call(client.clone()));
    service.begun.notified().await;
    service.kill().await;
    first.await.expect("no panic").expect_err("killed");
    // The same connection, which is known to be gone by now.
    assert_unbegun(&call(client).await.expect_err("nobody"));
}

#[tokio::test]
async fn who_says_to_be_unavailable_has_begun_nothing() {
    let service = Service::start(Act::SayUnavailable).await;
    assert_unbegun(&call(service.client()).await.expect_err("not now"));
}

#[tokio::test]
async fn a_handler_that_panics_is_a_failure_of_its_call_alone() {
    let service = Service::start(Act::Panic).await;
    for _ in 0..2 {
        let error = call(service.client()).await.expect_err("a panic");
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(!error.was_lost());
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_a_failure_of_its_call_alone() {
    let service = Service::start(Act::SayTooMuch).await;
    let error = call(service.client()).await.expect_err("too much");
    assert_eq!(error.code, ErrorCode::Internal, "{error:?}");
    assert!(!error.was_lost());
}

#[tokio::test]
async fn a_service_that_stops_answers_what_it_has_begun() {
    let mut service = Service::start(Act::Hold).await;
    let client = service.client();
    let answer = tokio::spawn(call(client.clone()));
    service.begun.notified().await;
    service.stop.cancel();
    service.goes.notify_one();
    assert_eq!(answer.await.expect("no panic"), Ok(()));
    (&mut service.serving).await.expect("no panic");
    assert_unbegun(&call(client).await.expect_err("nobody"));
}

/// What a caller sees of a server that reads a call and answers it with this frame.
async fn answered_with(frame: Vec<u8>) -> RpcError {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let serving = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await?;
        socket.write_all(&SETTINGS).await?;
        socket.read_exact(&mut [0; PREFACE]).await?;
        let mut header = [0; 9];
        while header[3] != HEADERS {
            socket.read_exact(&mut header).await?;
            let length = u32::from_be_bytes([0, header[0], header[1], header[2]]);
            socket.read_exact(&mut vec![0; length as usize]).await?;
        }
        socket.write_all(&frame).await?;
        // It stays open.
        pending::<std::io::Result<()>>().await
    });
    let error = call(client(address)).await.expect_err("no answer");
    serving.abort();
    error
}

#[tokio::test]
async fn what_a_stopping_service_leaves_undone_was_not_begun() {
    // GOAWAY: NO_ERROR, and stream 0 is the last that was processed.
    let mut frame = vec![0, 0, 8, 7, 0, 0, 0, 0, 0];
    frame.extend([0; 8]);
    assert_unbegun(&answered_with(frame).await);
}

#[tokio::test]
async fn what_a_service_refuses_unread_was_not_begun() {
    // RST_STREAM of stream 1: REFUSED_STREAM.
    let frame = vec![0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
    assert_unbegun(&answered_with(frame).await);
}
