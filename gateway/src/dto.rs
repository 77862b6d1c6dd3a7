//! The JSON of the API. Proto messages never become JSON themselves.

pub(crate) mod album;
pub(crate) mod api_key;
pub(crate) mod audit;
pub(crate) mod image;
pub(crate) mod job;
pub(crate) mod line;
pub(crate) mod model;
pub(crate) mod notification;
pub(crate) mod number;
pub(crate) mod operation;
pub(crate) mod page;
pub(crate) mod parameter;
pub(crate) mod prediction;
pub(crate) mod push_subscription;
pub(crate) mod queue;
pub(crate) mod session;
pub(crate) mod statistics;
pub(crate) mod time;
pub(crate) mod tokens;
pub(crate) mod usage;
pub(crate) mod user;
pub(crate) mod webhook;

use serde::{Deserialize, Deserializer};

/// Reads a field whose null means something else than its absence, which is the default.
pub(crate) fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Proto says "absent" with an empty text.
fn present(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
