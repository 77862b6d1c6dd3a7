//! Server-sent events (WHATWG HTML, section 9.2), taken up again where they broke off.

use std::{ops::ControlFlow, time::Duration};

use eventsource_stream::{Event, Eventsource as _};
use futures_util::StreamExt as _;
use reqwest::{Method, Response, header};

use super::{Server, ServerError, refusal};

/// Before a stream that broke off is taken up again.
const PAUSE: Duration = Duration::from_secs(1);

/// Hands the events at `path` to `handle` until it breaks off. A stream that ends before that is taken up again after the last
/// event, however often and however long the server is away.
///
/// # Errors
/// The server refuses for good.
pub(crate) async fn follow<T>(
    server: &Server,
    path: &str,
    mut handle: impl FnMut(Event) -> ControlFlow<T>,
) -> Result<T, ServerError> {
    let mut last = String::new();
    loop {
        match open(server, path, &last).await {
            Ok(response) => {
                let mut events = response.bytes_stream().eventsource();
                while let Some(Ok(event)) = events.next().await {
                    if !event.id.is_empty() {
                        last.clone_from(&event.id);
                    }
                    if let ControlFlow::Break(value) = handle(event) {
                        return Ok(value);
                    }
                }
            }
            Err(error) if error.passes() => {}
            Err(error) => return Err(error),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn open(server: &Server, path: &str, last: &str) -> Result<Response, ServerError> {
    let mut request = server
        .request(Method::GET, path)?
        .header(header::ACCEPT, "text/event-stream");
    if !last.is_empty() {
        request = request.header("last-event-id", last);
    }
    refusal::check(request.send().await?).await
}
