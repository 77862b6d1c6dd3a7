//! ZIP files that are made while they are sent: albums, and what came out of jobs.

mod contents;
mod name;
mod pack;
mod writer;

use std::time::Duration;

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream, stream::BoxStream};
use http::{HeaderValue, header};
use tokio::time::timeout;

pub(crate) use self::{
    contents::{Entry, Images, Packing},
    name::{UniqueNames, in_order},
    pack::ERRORS,
};
use crate::{download, problem::Problem};

/// The media type of ZIP files.
const MEDIA_TYPE: &str = "application/zip";

/// How long an answer waits for its first file. Where thousands of images are gone, it takes long to find one that is not.
const FIRST: Duration = Duration::from_secs(10);

/// Answers with a ZIP file of that name. The first file is there before the answer begins, unless it takes long.
///
/// # Errors
/// It cannot be had, such as for want of a right to it: who may not have the files is told so, and gets no broken download.
pub(crate) async fn answer(
    name: &str,
    mut entries: BoxStream<'static, Result<Packing, Problem>>,
) -> Result<Response, Problem> {
    let first = timeout(FIRST, entries.try_next()).await;
    let first = first.unwrap_or(Ok(None))?;
    let entries = stream::iter(first.map(Ok)).chain(entries).boxed();
    let mut headers = download::sandboxed();
    let zip = HeaderValue::from_static(MEDIA_TYPE);
    headers.insert(header::CONTENT_TYPE, zip);
    headers.insert(header::CONTENT_DISPOSITION, download::attachment(name));
    Ok((headers, Body::from_stream(pack::pack(entries))).into_response())
}
