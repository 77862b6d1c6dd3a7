//! Something between us and the server, that can fail.

use std::{future::Future, net::SocketAddr};

use pupila_storage::TestStorage;
use tokio::{
    io::{self, AsyncRead, AsyncReadExt as _, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// A server on a port of its own. It and its connections end when the value goes.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Relay {
    /// Serves each connection with `serve`.
    pub(crate) async fn new<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((connection, _)) = listener.accept().await {
                connections.spawn(serve(connection));
            }
        });
        Self { address, serving }
    }

    /// Hands everything on to the test server, and of each connection's answers the first `answered` bytes.
    pub(crate) async fn to(test: &TestStorage, answered: u64) -> Self {
        let server = server(test);
        Self::new(move |client| hand_on(client, server.clone(), answered)).await
    }

    pub(crate) fn endpoint(&self) -> Option<String> {
        Some(format!("http://{}", self.address))
    }

    /// Closes the port and every connection.
    pub(crate) async fn stop(mut self) {
        self.serving.abort();
        let ended = (&mut self.serving).await;
        assert!(ended.is_err(), "it was still serving");
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Where the test server listens.
pub(crate) fn server(test: &TestStorage) -> String {
    let s3 = test.config.s3.as_ref().expect("a bucket");
    let endpoint = s3.endpoint.as_deref().expect("an endpoint");
    endpoint.trim_start_matches("http://").to_owned()
}

pub(crate) async fn hand_on(client: impl AsyncRead + AsyncWrite, server: String, answered: u64) {
    let server = TcpStream::connect(server).await.expect("it listens");
    let (mut asking, mut answering) = io::split(client);
    let (answers, mut questions) = server.into_split();
    let mut answers = answers.take(answered);
    // Whoever ends first ends both.
    tokio::select! {
        _ = io::copy(&mut asking, &mut questions) => {}
        _ = io::copy(&mut answers, &mut answering) => {}
    }
}
