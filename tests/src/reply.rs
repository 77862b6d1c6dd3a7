//! What the server answered.

use reqwest::{
    Response,
    header::{CONTENT_TYPE, HeaderMap},
};
use serde_json::{Map, Value};

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// Reads a response to its end; nothing of a stream of events, which may have none.
    pub(crate) async fn read(response: Response) -> reqwest::Result<Self> {
        let headers = response.headers().clone();
        let is_stream = headers
            .get(CONTENT_TYPE)
            .is_some_and(|media| media == "text/event-stream");
        Ok(Self {
            status: response.status().as_u16(),
            headers,
            body: match is_stream {
                true => Vec::new(),
                false => response.bytes().await?.into(),
            },
        })
    }

    /// A header's value; empty where it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value.and_then(Result::ok).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// It is not.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The JSON of an answer that is a success.
    ///
    /// # Panics
    /// It is none.
    pub fn ok(&self) -> Value {
        let success = (200..300).contains(&self.status);
        assert!(success, "{}: {}", self.status, self.text());
        self.json()
    }

    /// A problem in two lines and one more for each field at fault, once all that holds for every problem is checked.
    ///
    /// # Panics
    /// It is not a problem by RFC 9457 as the API's contract has it.
    #[must_use]
    pub fn problem(&self) -> String {
        let text = self.text();
        assert!(self.status >= 400, "{}: {text}", self.status);
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{text}"
        );
        assert!(
            self.body.len() < 4096,
            "an answer of {} bytes",
            self.body.len()
        );
        let Value::Object(mut problem) = self.json() else {
            panic!("no object: {text}")
        };
        let mut take = |field: &str| take_text(&mut problem, field);
        assert_eq!(take("status"), self.status.to_string());
        assert_eq!(take("request_id"), self.header("x-request-id"));
        let head = format!(
            "{} {} {}\n{}",
            self.status,
            take("title"),
            take("code"),
            take("detail")
        );
        let errors = problem.remove("errors").unwrap_or_default();
        assert!(
            problem.is_empty(),
            "more than the contract has: {problem:?}"
        );
        let errors = errors.as_array().cloned().unwrap_or_default();
        let errors = errors.iter().filter_map(Value::as_object).map(|error| {
            let mut error = error.clone();
            let line = format!(
                "\n{}: {}",
                take_text(&mut error, "pointer"),
                take_text(&mut error, "detail")
            );
            assert!(error.is_empty(), "more than the contract has: {error:?}");
            line
        });
        head + &errors.collect::<String>()
    }
}

fn take_text(object: &mut Map<String, Value>, field: &str) -> String {
    match object.remove(field) {
        Some(Value::String(text)) => text,
        Some(value) => value.to_string(),
        None => panic!("`{field}` is missing beside {object:?}"),
    }
}
