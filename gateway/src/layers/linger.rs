//! Lets a sender finish who was answered before the end of the body.
//!
//! Whoever is refused early is often still sending. Closing the connection under them makes many clients report a
//! broken connection and never read the answer, so what is left of the body is read for a moment and thrown away. A client
//! that waits to be told to go on (`Expect: 100-continue`) has sent nothing: reading would tell it to.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::sync::oneshot;

/// Most bytes that are thrown away: a file somewhat over the limit.
const MOST: usize = 64 << 20;
/// Longest that it may take.
const LONGEST: Duration = Duration::from_secs(1);
/// Who sends nothing for so long is waiting for the answer.
const QUIET: Duration = Duration::from_millis(250);

/// A body that comes back when its reader drops it before the end.
struct Returning {
    body: Body,
    back: Option<oneshot::Sender<Body>>,
    /// Whether its sender is on the way, or waits to be told to go on.
    sent: bool,
}

pub(crate) async fn linger(request: Request, next: Next) -> Response {
    let (back, unread) = oneshot::channel();
    let sent = !waits_to_send(request.headers());
    let request = request.map(|body| {
        Body::new(Returning {
            body,
            back: Some(back),
            sent,
        })
    });
    let response = next.run(request).await;
    if let Ok(rest) = unread.await {
        // Whether it came to its end does not matter: the connection is closed if not.
        let _ = tokio::time::timeout(LONGEST, discard(rest)).await;
    }
    response
}

/// Whether the client sends its body only when it is read (RFC 9110, section 10.1.1).
fn waits_to_send(headers: &HeaderMap) -> bool {
    let expected = headers.get(header::EXPECT);
    expected.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

async fn discard(body: Body) {
    let mut bytes = body.into_data_stream();
    let mut left = MOST;
    while let Ok(Some(Ok(piece))) = tokio::time::timeout(QUIET, bytes.next()).await {
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

impl hyper::body::Body for Returning {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.sent = true;
        let frame = self.body.frame();
        let frame = std::pin::pin!(frame).poll(context);
        if let Poll::Ready(None | Some(Err(_))) = frame {
            self.back = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Returning {
    fn drop(&mut self) {
        let body = std::mem::take(&mut self.body);
        if let Some(back) = self
            .back
            .take()
            .filter(|_| self.sent && !body.is_end_stream())
        {
            // Nobody waits for it once the connection is gone.
            let _ = back.send(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Router, middleware::from_fn, routing::post};
    use futures_util::stream;
    use http::StatusCode;
    use tokio::time::Instant;
    use tower::ServiceExt as _;

    use super::*;

    /// A body of so many pieces that stands still after them, and how many were taken.
    fn body(pieces: usize) -> (Body, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let pieces = stream::iter(0..pieces).map(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::convert::Infallible>(Bytes::from_static(b"piece"))
        });
        (Body::from_stream(pieces.chain(stream::pending())), taken)
    }

    /// How long a refusal takes whose handler reads `read` pieces.
    async fn refuse(request: http::request::Builder, body: Body, read: usize) -> Duration {
        let refuse = move |body: Body| async move {
            let _ = body.into_data_stream().take(read).count().await;
            StatusCode::FORBIDDEN
        };
        let app = Router::new()
            .route("/", post(refuse))
            .layer(from_fn(linger));
        let start = Instant::now();
        let request = request.method("POST").uri("/").body(body);
        let answer = app.oneshot(request.expect("a request")).await;
        assert_eq!(answer.expect("an answer").status(), StatusCode::FORBIDDEN);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_on_its_way_is_read_but_nobody_is_waited_for() {
        let (body, taken) = body(100);
        let waited = refuse(Request::builder(), body, 1).await;
        assert_eq!((waited, taken.load(Ordering::Relaxed)), (QUIET, 100));
    }

    #[tokio::test(start_paused = true)]
    async fn who_asks_before_sending_is_not_told_to_send() {
        let asks = || Request::builder().header("expect", "100-Continue");
        let (unread, taken) = body(100);
        let waited = refuse(asks(), unread, 0).await;
        assert_eq!((waited, taken.load(Ordering::Relaxed)), (Duration::ZERO, 0));
        // Who was told to go on is on the way.
        let (begun, taken) = body(100);
        refuse(asks(), begun, 1).await;
        assert_eq!(taken.load(Ordering::Relaxed), 100);
    }
}
