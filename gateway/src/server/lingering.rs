//! Closing a connection without taking its last answer away.
//!
//! Who is refused early may still be sending a large file. Bytes that arrive on a closed connection make the system reset
//! it, and many a client then reports a broken connection in place of the answer. So only the half for answers is closed at
//! first, and what still comes is read and thrown away, up to a point (as nginx does with `lingering_close`).

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

/// Most bytes that are thrown away: more than the largest file that is taken.
const MOST: usize = 256 << 20;
/// Longest that it may take.
const LONGEST: Duration = Duration::from_secs(10);
/// Who sends nothing for so long is not sending any more.
const QUIET: Duration = Duration::from_millis(500);
/// Bytes that are read at once.
const PIECE: usize = 16 << 10;

/// A connection that lingers when it is shut down.
#[derive(Debug)]
pub(super) struct Lingering<T> {
    stream: T,
    /// Once nothing more is sent.
    rest: Option<Rest>,
}

/// What is still taken.
#[derive(Debug)]
struct Rest {
    bytes: usize,
    until: Instant,
    quiet: Pin<Box<Sleep>>,
}

impl<T> Lingering<T> {
    pub(super) fn new(stream: T) -> Self {
        Self { stream, rest: None }
    }
}

impl Rest {
    fn new() -> Self {
        Self {
            bytes: MOST,
            until: Instant::now() + LONGEST,
            quiet: Box::pin(tokio::time::sleep(QUIET)),
        }
    }

    /// Throws away what comes. Why nothing more does, nobody needs to know.
    fn poll_discard(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let mut piece = [0; PIECE];
        loop {
            let mut piece = ReadBuf::new(&mut piece);
            match Pin::new(&mut *stream).poll_read(context, &mut piece) {
                Poll::Ready(Ok(())) if !piece.filled().is_empty() => {
                    let now = Instant::now();
                    self.bytes = self.bytes.saturating_sub(piece.filled().len());
                    if self.bytes == 0 || now >= self.until {
                        return Poll::Ready(());
                    }
                    self.quiet.as_mut().reset(self.until.min(now + QUIET));
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => return self.quiet.as_mut().poll(context),
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Lingering<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, rest } = &mut *self;
        if rest.is_none() {
            ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
        }
        let rest = rest.get_or_insert_with(Rest::new);
        rest.poll_discard(stream, context).map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use axum::{Router, routing::post};
    use http::StatusCode;
    use hyper_util::server::graceful::GracefulShutdown;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;
    use crate::{layers::client_address::Peer, server::connection};

    /// What is on its way at most.
    const ON_ITS_WAY: usize = 64 << 10;

    #[tokio::test(start_paused = true)]
    async fn who_is_refused_while_sending_reads_why() {
        let router = Router::new().route("/", post(async || StatusCode::FORBIDDEN));
        let (mut client, server) = duplex(ON_ITS_WAY);
        let graceful = GracefulShutdown::new();
        let peer = Peer(Ipv4Addr::LOCALHOST.into());
        let serving = tokio::spawn(connection(server, peer, router, graceful.watcher()));
        let file = vec![0; 4 << 20];
        let head = format!(
            "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
            file.len()
        );
        client
            .write_all(head.as_bytes())
            .await
            .expect("the head is taken");
        client.write_all(&file).await.expect("the file is taken");
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        drop(client);
        serving.await.expect("no panic").expect("a sound end");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_waited_for() {
        let (_client, server) = duplex(ON_ITS_WAY);
        let start = Instant::now();
        Lingering::new(server).shutdown().await.expect("closed");
        assert_eq!(start.elapsed(), QUIET);
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_on_and_on_is_left() {
        let (mut client, server) = duplex(ON_ITS_WAY);
        let slowly = tokio::spawn(async move {
            while client.write_all(b"more").await.is_ok() {
                tokio::time::sleep(QUIET / 2).await;
            }
        });
        let start = Instant::now();
        Lingering::new(server).shutdown().await.expect("closed");
        assert_eq!(start.elapsed(), LONGEST);
        slowly.await.expect("it ends");
        let (mut client, server) = duplex(ON_ITS_WAY);
        let quickly = tokio::spawn(async move {
            let mut sent = 0;
            while client.write_all(&[0; ON_ITS_WAY]).await.is_ok() {
                sent += ON_ITS_WAY;
            }
            sent
        });
        Lingering::new(server).shutdown().await.expect("closed");
        let sent = quickly.await.expect("it ends");
        assert!((MOST..MOST + 4 * ON_ITS_WAY).contains(&sent), "{sent}");
    }
}
