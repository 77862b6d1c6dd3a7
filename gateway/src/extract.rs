//! Extractors whose refusals are problems that name the field at fault.

mod multipart;
mod path;
mod query;

pub(crate) use multipart::Form;
pub(crate) use path::Path;
pub(crate) use query::{Pairs, Query};
