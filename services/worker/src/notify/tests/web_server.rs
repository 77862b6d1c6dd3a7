//! A web server that answers as a story wants, and remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse as _, Response},
};
use tokio::net::TcpListener;

/// A web server; ends with the story.
#[derive(Clone)]
pub(super) struct WebServer {
    pub(super) url: String,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    asked: Mutex<Vec<Asked>>,
    answers: Mutex<VecDeque<Response>>,
}

/// What it was asked.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("ASCII"))
    }
}

impl WebServer {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Seen::default());
        let router = Router::new().fallback(answer).with_state(seen.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url: format!("http://{address}/secret-path"),
            seen,
        }
    }

    /// Answers so next; 204 when there is nothing to answer any more.
    pub(super) fn answers(&self, answer: impl axum::response::IntoResponse) -> &Self {
        let mut answers = self.seen.answers.lock().expect("not poisoned");
        answers.push_back(answer.into_response());
        self
    }

    /// Asks to be left alone.
    pub(super) fn is_busy(&self, status: StatusCode, retry_after: &'static str) -> &Self {
        self.answers((status, [(RETRY_AFTER, retry_after)]))
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.seen.asked.lock().expect("not poisoned").clone()
    }
}

async fn answer(State(seen): State<Arc<Seen>>, headers: HeaderMap, body: Bytes) -> Response {
    let body = body.to_vec();
    let mut asked = seen.asked.lock().expect("not poisoned");
    asked.push(Asked { headers, body });
    let mut answers = seen.answers.lock().expect("not poisoned");
    let answer = answers.pop_front();
    answer.unwrap_or_else(|| StatusCode::NO_CONTENT.into_response())
}
