//! Keeps the multipart reader from reading ahead.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Stream, StreamExt as _};

/// A stream that lets go of one item each time it is polled.
///
/// `multer` takes from a body whatever is there before it hands out the first byte, so a client that sends faster than
/// a service stores would fill the memory. A pause after each item makes it hand out what it has.
#[derive(Debug)]
pub(crate) struct Paced<S> {
    stream: S,
    paused: bool,
}

impl<S> Paced<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            paused: false,
        }
    }
}

impl<S: Stream + Unpin> Stream for Paced<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.paused = !self.paused;
        if self.paused {
            return self.stream.poll_next_unpin(context);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{
        body::Body,
        extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request},
    };
    use bytes::Bytes;
    use futures_util::stream;

    use super::*;

    const PIECE: usize = 64 << 10;
    const HEAD: &str =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";

    #[tokio::test]
    async fn a_fast_sender_is_not_read_ahead_of() {
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let pieces = stream::iter(0..1000).map(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Bytes::from(vec![b'a'; PIECE])
        });
        let body = stream::iter([Bytes::from(HEAD)])
            .chain(pieces)
            .chain(stream::iter([Bytes::from("\r\n--x--\r\n")]));
        let body = Paced::new(body.map(Ok::<_, std::convert::Infallible>));
        let mut request = Request::builder()
            .header("content-type", "multipart/form-data; boundary=x")
            .body(Body::from_stream(body))
            .expect("a request");
        DefaultBodyLimit::disable().apply(&mut request);
        let mut form = Multipart::from_request(request, &()).await.expect("a form");
        let mut field = form.next_field().await.expect("a body").expect("a field");
        let mut received = 0;
        while let Some(chunk) = field.chunk().await.expect("bytes") {
            received += chunk.len();
            let ahead = taken.load(Ordering::Relaxed) * PIECE - received;
            assert!(ahead <= 2 * PIECE, "{ahead} bytes ahead");
        }
        assert_eq!(received, 1000 * PIECE);
    }
}
