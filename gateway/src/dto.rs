//! The JSON of the API. Proto messages never become JSON themselves.

pub(crate) mod model;
mod number;
pub(crate) mod page;
pub(crate) mod prediction;
pub(crate) mod statistics;
pub(crate) mod time;

/// Proto says "absent" with an empty text.
fn present(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
