//! ZIP files that are made while they are sent: albums, and what came out of jobs.

mod contents;
mod name;
mod pack;
mod writer;

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use http::{HeaderValue, header};

pub(crate) use self::{
    contents::{Entry, Images, Packing},
    name::{UniqueNames, in_order},
    pack::ERRORS,
};
use crate::{download, problem::Problem};

/// The media type of ZIP files.
const MEDIA_TYPE: &str = "application/zip";

/// Answers with a ZIP file of that name. The first file is there before the answer begins.
///
/// # Errors
/// It cannot be had, such as for want of a right to it: who may not have the files is told so, and gets no broken download.
pub(crate) async fn answer(
    name: &str,
    mut entries: BoxStream<'static, Result<Packing, Problem>>,
) -> Result<Response, Problem> {
    let first = entries.try_next().await?;
    let entries = stream::iter(first.map(Ok)).chain(entries).boxed();
    let mut headers = download::sandboxed();
    let zip = HeaderValue::from_static(MEDIA_TYPE);
    headers.insert(header::CONTENT_TYPE, zip);
    headers.insert(header::CONTENT_DISPOSITION, download::attachment(name));
    Ok((headers, Body::from_stream(pack::pack(entries))).into_response())
}
