//! ZIP files that are made while they are sent: albums, and what came out of jobs.

mod contents;
mod name;
mod pack;
mod writer;

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use futures_util::stream::BoxStream;
use http::{HeaderValue, header};

pub(crate) use self::{
    contents::{Entry, Images, Packing},
    name::{UniqueNames, in_order},
};
use crate::{download, problem::Problem};

/// The media type of ZIP files.
const MEDIA_TYPE: &str = "application/zip";

/// Answers with a ZIP file of that name.
pub(crate) fn answer(
    name: &str,
    entries: BoxStream<'static, Result<Packing, Problem>>,
) -> Response {
    let mut headers = download::sandboxed();
    let zip = HeaderValue::from_static(MEDIA_TYPE);
    headers.insert(header::CONTENT_TYPE, zip);
    headers.insert(header::CONTENT_DISPOSITION, download::attachment(name));
    (headers, Body::from_stream(pack::pack(entries))).into_response()
}
