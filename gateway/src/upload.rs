//! Files of multipart bodies: read into memory for a model, or handed on to a service piece by piece.

mod budget;
mod form;
mod paced;
mod relay;

pub(crate) use budget::{Share, UploadBudget};
pub(crate) use form::{FILE, Fields, FormField};
pub(crate) use paced::Paced;
pub(crate) use relay::{Failure, relay};
