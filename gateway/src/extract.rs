//! Extractors whose refusals are problems that name the field at fault.

mod multipart;
mod query;

pub(crate) use multipart::Form;
pub(crate) use query::{Pairs, Query};
