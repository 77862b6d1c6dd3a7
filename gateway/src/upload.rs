//! Files of multipart bodies: read into memory for a model, or handed on to a service piece by piece.

mod budget;
mod form;
mod paced;
mod relay;
mod uploader;

pub(crate) use budget::{Share, UploadBudget};
pub(crate) use form::{FILE, Fields, FormField, MAX_FILES, NAMELESS};
pub(crate) use paced::Paced;
pub(crate) use relay::{Failure, relay};
pub(crate) use uploader::Uploader;
