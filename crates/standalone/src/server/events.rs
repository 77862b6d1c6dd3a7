//! Server-sent events (WHATWG HTML, section 9.2), taken up again where they broke off.

use std::{ops::ControlFlow, pin::pin};

use eventsource_stream::{Event, Eventsource as _};
use futures_util::StreamExt as _;
use reqwest::{Method, Response, header};

use super::{PAUSE, Server, ServerError, patience, refusal};
use crate::terminal::printable;

const EVENT_STREAM: &str = "text/event-stream";

/// What whoever follows events is told.
#[derive(Debug)]
pub(crate) enum News {
    /// Something happened.
    Event(Event),
    /// The server is away; it is asked again.
    Away,
}

/// Hands the events at `path` to `handle` until it breaks off. A stream that ends or falls silent before that is taken up
/// again after the last event, however often and however long the server is away.
///
/// # Errors
/// The server refuses for good.
pub(crate) async fn follow<T>(
    server: &Server,
    path: &str,
    mut handle: impl FnMut(News) -> ControlFlow<T>,
) -> Result<T, ServerError> {
    let mut last = String::new();
    loop {
        match open(server, path, &last).await {
            Ok(response) => {
                let bytes = patience::until_silent(response.bytes_stream());
                let mut events = pin!(bytes.eventsource());
                while let Some(Ok(event)) = events.next().await {
                    if !event.id.is_empty() {
                        last.clone_from(&event.id);
                    }
                    if let ControlFlow::Break(value) = handle(News::Event(event)) {
                        return Ok(value);
                    }
                }
            }
            Err(error) if error.passes() => {
                if let ControlFlow::Break(value) = handle(News::Away) {
                    return Ok(value);
                }
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn open(server: &Server, path: &str, last: &str) -> Result<Response, ServerError> {
    let mut request = server
        .request(Method::GET, path)?
        .header(header::ACCEPT, EVENT_STREAM);
    if !last.is_empty() {
        request = request.header("last-event-id", last);
    }
    let answer = async { refusal::check(request.send().await?).await };
    let response = patience::within(patience::EVENTS, answer).await?;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.map(|kind| String::from_utf8_lossy(kind.as_bytes()));
    let kind = kind.unwrap_or_default();
    if !kind.starts_with(EVENT_STREAM) {
        let told = format!("no events came, but `{}`", printable(&kind));
        return Err(ServerError::Foreign(response.url().clone(), told));
    }
    Ok(response)
}
