//! `GET /v1/images/{id}/content`

use std::ops::RangeInclusive;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use headers::{AcceptRanges, ContentRange, HeaderMapExt as _};
use http::{HeaderMap, Method, StatusCode, header};
use pupila_proto::images::v1::{Image, ReadContentRequest};
use pupila_runtime::context::RequestContext;

use super::get::fetch;
use crate::{
    app::Gateway,
    download::{self, Wanted},
    extract::{Caller, Path},
    openapi::{self, NoSuchRange, NotFound, Problems},
    problem::{Problem, from_rpc},
    refusal::Refusal,
};

/// The file, or a part of it
///
/// A request for several ranges gets the whole file.
#[utoipa::path(
    get, path = "/v1/images/{id}/content", tag = "images", operation_id = "get_image_content",
    security(("bearer" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "The image's id"),
        download::Range,
        download::IfNoneMatch,
    ),
    responses(
        (
            status = 200, description = "The file as it was stored",
            headers(
                ("ETag" = String, description = "The SHA-256 of the file"),
                ("Accept-Ranges" = String, description = "`bytes`"),
                ("Content-Disposition" = String, description = "Its name"),
            ),
            content(
                (openapi::File = "image/jpeg"),
                (openapi::File = "image/png"),
                (openapi::File = "image/gif"),
                (openapi::File = "image/webp"),
                (openapi::File = "image/bmp"),
                (openapi::File = "image/tiff"),
            ),
        ),
        (
            status = 206, description = "The part that was asked for",
            headers(("Content-Range" = String, description = "Such as `bytes 0-1023/146515`")),
            content(
                (openapi::File = "image/jpeg"),
                (openapi::File = "image/png"),
                (openapi::File = "image/gif"),
                (openapi::File = "image/webp"),
                (openapi::File = "image/bmp"),
                (openapi::File = "image/tiff"),
            ),
        ),
        (status = 304, description = "The caller has it"),
        Problems, NotFound, NoSuchRange,
    ),
)]
pub(crate) async fn get_image_content(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    method: Method,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let image = fetch(&gateway, &context, id).await?;
    let etag = download::entity_tag(&image.sha256).map_err(from_rpc)?;
    match download::wanted(&request, &etag, image.size) {
        Wanted::Nothing => Ok((StatusCode::NOT_MODIFIED, validators(&image)?).into_response()),
        // It is told the length of the whole: ranges are for GET alone.
        _ if method == Method::HEAD => Ok((whole(&image)?, Body::empty()).into_response()),
        Wanted::Beyond => Ok(beyond(image.size)),
        Wanted::Part(part) => {
            let (sent, body) = read(&gateway, &context, &image.id, Some(&part)).await?;
            // Of another file the part means nothing: all of it is sent.
            if sent.sha256 != image.sha256 {
                return answer_whole(&gateway, &context, &image.id).await;
            }
            let mut headers = described(&sent)?;
            headers.insert(header::CONTENT_LENGTH, length(&part).into());
            headers.extend(content_range(part, sent.size));
            Ok((StatusCode::PARTIAL_CONTENT, headers, body).into_response())
        }
        Wanted::Whole => answer_whole(&gateway, &context, &image.id).await,
    }
}

async fn answer_whole(
    gateway: &Gateway,
    context: &RequestContext,
    id: &str,
) -> Result<Response, Problem> {
    let (sent, body) = read(gateway, context, id, None).await?;
    Ok((whole(&sent)?, body).into_response())
}

/// Reads the image's file, or a part of it. What the bytes are of comes with them: it may be another file than that of a
/// moment ago, such as the copy without the place for who is not the owner any more.
async fn read(
    gateway: &Gateway,
    context: &RequestContext,
    id: &str,
    part: Option<&RangeInclusive<u64>>,
) -> Result<(Image, Body), Problem> {
    let request = ReadContentRequest {
        id: id.to_owned(),
        offset: part.map_or(0, |part| *part.start()),
        length: part.map(length),
    };
    // No deadline: a download lasts as long as its reader takes.
    let answer = gateway
        .images
        .clone()
        .read_content(context.stream(request))
        .await;
    let (image, bytes) = download::open(answer).await.map_err(from_rpc)?;
    Ok((image, Body::from_stream(bytes)))
}

/// What tells a file from others, and how long it may be kept.
fn validators(image: &Image) -> Result<HeaderMap, Problem> {
    let etag = download::entity_tag(&image.sha256).map_err(from_rpc)?;
    let mut headers = download::sandboxed();
    headers.typed_insert(etag);
    headers.insert(header::CACHE_CONTROL, download::REVALIDATED);
    Ok(headers)
}

/// What a file or a part of it is.
fn described(image: &Image) -> Result<HeaderMap, Problem> {
    let mut headers = validators(image)?;
    headers.typed_insert(AcceptRanges::bytes());
    headers.insert(header::CONTENT_TYPE, download::media_type(&image.format));
    headers.insert(header::CONTENT_DISPOSITION, download::inline(&image.name));
    Ok(headers)
}

/// What a whole file is.
fn whole(image: &Image) -> Result<HeaderMap, Problem> {
    let mut headers = described(image)?;
    headers.insert(header::CONTENT_LENGTH, image.size.into());
    Ok(headers)
}

fn length(part: &RangeInclusive<u64>) -> u64 {
    part.end() - part.start() + 1
}

/// `Content-Range: bytes 0-1023/146515`
fn content_range(part: RangeInclusive<u64>, size: u64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(range) = ContentRange::bytes(part, size) {
        headers.typed_insert(range);
    }
    headers
}

/// The refusal of a range after the end, which tells the size.
fn beyond(size: u64) -> Response {
    let mut response = Problem::from(Refusal::NoSuchRange { size }).into_response();
    let range = ContentRange::unsatisfied_bytes(size);
    response.headers_mut().typed_insert(range);
    response
}

#[cfg(test)]
mod tests;
