//! Lets a sender finish who was answered before the end of the body.
//!
//! Whoever is refused early is often still sending. Closing the connection under them makes many clients report a
//! broken connection and never read the answer, so what is left of the body is read for a moment and thrown away.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Frame, SizeHint};
use tokio::sync::oneshot;

/// Most bytes that are thrown away: a file somewhat over the limit.
const MOST: usize = 64 << 20;
/// Longest that it may take.
const LONGEST: Duration = Duration::from_secs(1);

/// A body that comes back when its reader drops it before the end.
struct Returning {
    body: Body,
    back: Option<oneshot::Sender<Body>>,
}

pub(crate) async fn linger(request: Request, next: Next) -> Response {
    let (back, unread) = oneshot::channel();
    let request = request.map(|body| {
        Body::new(Returning {
            body,
            back: Some(back),
        })
    });
    let response = next.run(request).await;
    if let Ok(rest) = unread.await {
        // Whether it came to its end does not matter: the connection is closed if not.
        let _ = tokio::time::timeout(LONGEST, discard(rest)).await;
    }
    response
}

async fn discard(body: Body) {
    let mut bytes = body.into_data_stream();
    let mut left = MOST;
    while let Some(Ok(piece)) = bytes.next().await {
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
        if let Some(back) = self.back.take().filter(|_| !body.is_end_stream()) {
            // Nobody waits for it once the connection is gone.
            let _ = back.send(body);
        }
    }
}
