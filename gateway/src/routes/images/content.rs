//! `GET /v1/images/{id}/content`

use std::ops::RangeInclusive;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use headers::{AcceptRanges, ContentRange, HeaderMapExt as _};
use http::{HeaderMap, Method, StatusCode, header};
use pupila_proto::images::v1::ReadContentRequest;
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
    let wanted = download::wanted(&request, &etag, image.size);
    let mut headers = download::sandboxed();
    headers.typed_insert(etag);
    headers.insert(header::CACHE_CONTROL, download::REVALIDATED);
    if wanted == Wanted::Nothing {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.typed_insert(AcceptRanges::bytes());
    headers.insert(header::CONTENT_TYPE, download::media_type(&image.format));
    headers.insert(header::CONTENT_DISPOSITION, download::inline(&image.name));
    match wanted {
        // It is told the length of the whole: ranges are for GET alone.
        _ if method == Method::HEAD => {
            headers.insert(header::CONTENT_LENGTH, image.size.into());
            Ok((headers, Body::empty()).into_response())
        }
        Wanted::Beyond => Ok(beyond(image.size)),
        Wanted::Part(part) => {
            let body = read(&gateway, &context, image.id, &part).await?;
            headers.insert(header::CONTENT_LENGTH, length(&part).into());
            headers.extend(content_range(part, image.size));
            Ok((StatusCode::PARTIAL_CONTENT, headers, body).into_response())
        }
        Wanted::Whole | Wanted::Nothing => {
            let whole = 0..=image.size.saturating_sub(1);
            let body = read(&gateway, &context, image.id, &whole).await?;
            headers.insert(header::CONTENT_LENGTH, image.size.into());
            Ok((headers, body).into_response())
        }
    }
}

async fn read(
    gateway: &Gateway,
    context: &RequestContext,
    id: String,
    part: &RangeInclusive<u64>,
) -> Result<Body, Problem> {
    let request = ReadContentRequest {
        id,
        offset: *part.start(),
        length: Some(length(part)),
    };
    // No deadline: a download lasts as long as its reader takes.
    let answer = gateway
        .images
        .clone()
        .read_content(context.stream(request))
        .await;
    let (_, bytes) = download::open(answer).await.map_err(from_rpc)?;
    Ok(Body::from_stream(bytes))
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
