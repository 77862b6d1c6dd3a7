//! Server-sent events, as a browser reads them.

use std::{fmt, future::ready, time::Duration};

use eventsource_stream::Eventsource as _;
use futures_util::{StreamExt as _, stream::BoxStream};
use reqwest::Response;
use serde_json::Value;

/// Longest that an event may be waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Events as they come.
pub struct EventStream {
    /// How the request was answered.
    pub status: u16,
    events: BoxStream<'static, Event>,
}

/// What was told.
#[derive(Debug, Clone)]
pub struct Event {
    /// What kind of event it is.
    pub name: String,
    /// Where to go on after it.
    pub id: String,
    /// What it says.
    pub data: Value,
}

impl EventStream {
    pub(crate) fn new(response: Response) -> Self {
        let status = response.status().as_u16();
        let events = response.bytes_stream().eventsource();
        // A line that breaks ends it, as the end does.
        let events = events.take_while(|event| ready(event.is_ok()));
        let events = events.filter_map(|event| ready(event.ok()));
        let events = events.map(|event| Event {
            name: event.event,
            id: event.id,
            data: serde_json::from_str(&event.data).unwrap_or_default(),
        });
        Self {
            status,
            events: events.boxed(),
        }
    }

    /// The next event; `None` at the end.
    ///
    /// # Panics
    /// Nothing comes for 30 s.
    pub async fn next(&mut self) -> Option<Event> {
        let event = tokio::time::timeout(PATIENCE, self.events.next()).await;
        event.expect("an event, or the end")
    }

    /// The next event that is as wanted.
    ///
    /// # Panics
    /// The stream ends before.
    pub async fn next_where(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.next().await.expect("an event");
            if wanted(&event) {
                return event;
            }
        }
    }

    /// All events to the end.
    pub async fn rest(mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
