//! Server-sent events (WHATWG HTML, section 9.2): answers that tell what happens, as long as somebody listens.
//!
//! A stream ends by itself where its caller's token does, where the process stops, or where the service behind it goes
//! away. Who listens comes again then, with the id of the last event, and misses nothing.

mod last_event_id;
mod places;

use std::{convert::Infallible, time::Duration};

use axum::response::{
    IntoResponse as _, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, StreamExt as _, stream};
use http::{HeaderName, HeaderValue, header};
use pupila_runtime::context::RequestContext;

pub(crate) use self::{
    last_event_id::{LAST_EVENT_ID, LastEventId},
    places::OpenStreams,
};
use crate::{app::Gateway, problem::Problem};

/// What is sent while nothing happens, so that no proxy takes the connection for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How soon to come again after the end.
const RETRY: Duration = Duration::from_secs(2);
/// Tells nginx and those who copy it to hand every event on at once.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Answers with `events`. The caller must be a user.
///
/// # Errors
/// The caller listens to as many streams as they may.
pub(crate) async fn answer(
    gateway: &Gateway,
    context: &RequestContext,
    events: impl Stream<Item = Event> + Send + 'static,
) -> Result<Response, Problem> {
    let authenticator = &gateway.authenticator;
    let user = authenticator.user(&context.credential).await?;
    let place = gateway.streams.open(user.id)?;
    let stop = gateway.streams.stop();
    let left = authenticator.time_left(&context.credential);
    let end = async move {
        // Its error is that the time is up, too.
        let _ = tokio::time::timeout(left, stop.cancelled_owned()).await;
    };
    let first = stream::iter([Event::default().retry(RETRY)]);
    let events = first
        .chain(events)
        .take_until(Box::pin(end))
        .map(move |event| {
            let _held = &place;
            Ok::<_, Infallible>(event)
        });
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(BUFFERING, HeaderValue::from_static("no"));
    Ok(response)
}

#[cfg(test)]
mod tests;
