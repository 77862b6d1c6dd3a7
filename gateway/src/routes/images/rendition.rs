//! `GET /v1/images/{id}/rendition`

mod accept;
mod recipe;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use headers::HeaderMapExt as _;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use pupila_proto::images::v1::{ReadRenditionRequest, RenditionHeader};
use pupila_runtime::context::RequestContext;

pub(crate) use self::recipe::RenditionQuery;
use crate::{
    app::Gateway,
    download::{self, Pieces},
    extract::{Caller, Path, Query},
    openapi::{self, NotFound, Problems, Unprocessable},
    problem::{Problem, from_rpc},
};

/// An image as it is wanted: resized, cropped, turned, filtered, in another format
///
/// It is never made larger than it is unless `enlarge` asks for it. Without `format` the `Accept` header decides: WebP
/// where it names `image/webp`.
#[utoipa::path(
    get, path = "/v1/images/{id}/rendition", tag = "images", operation_id = "get_rendition",
    security(("bearer" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "The image's id"),
        RenditionQuery,
        download::IfNoneMatch,
    ),
    responses(
        (
            status = 200, description = "The rendition",
            headers(
                ("ETag" = String, description = "Changes with the bytes, and only then"),
                ("Vary" = String, description = "`accept`"),
            ),
            content(
                (openapi::File = "image/jpeg"),
                (openapi::File = "image/png"),
                (openapi::File = "image/webp"),
            ),
        ),
        (status = 304, description = "The caller has it"),
        Problems, NotFound, Unprocessable,
    ),
)]
pub(crate) async fn get_rendition(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    Query(query, _): Query<RenditionQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    render(&gateway, &context, id, query, &headers).await
}

/// The answer to a request for a rendition of the image `id`.
pub(crate) async fn render(
    gateway: &Gateway,
    context: &RequestContext,
    id: String,
    query: RenditionQuery,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let accepted_formats = match query.is_negotiable() {
        true => accept::accepted_formats(headers),
        false => Vec::new(),
    };
    let request = ReadRenditionRequest {
        id,
        preset: query.preset.clone().unwrap_or_default(),
        recipe: Some(query.into()),
        accepted_formats,
        known_etag: only_known(headers).unwrap_or_default().to_owned(),
    };
    let answer = gateway
        .images
        .clone()
        .read_rendition(context.stream(request))
        .await;
    let opened = download::open(answer).await;
    let (rendition, bytes) = opened.map_err(|error| recipe::under_query_names(from_rpc(error)))?;
    answer_with(&rendition, bytes, headers)
}

fn answer_with(
    rendition: &RenditionHeader,
    bytes: Pieces,
    request: &HeaderMap,
) -> Result<Response, Problem> {
    let etag = download::entity_tag(&rendition.etag).map_err(from_rpc)?;
    let known = download::is_known(request, &etag);
    let mut headers = download::sandboxed();
    headers.typed_insert(etag);
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    headers.insert(header::CACHE_CONTROL, download::REVALIDATED);
    if known {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.insert(
        header::CONTENT_TYPE,
        download::media_type(&rendition.format),
    );
    headers.insert(header::CONTENT_LENGTH, rendition.size.into());
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// The entity tag that the caller has, where it is a single one: then its bytes need not even be read.
fn only_known(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?.trim();
    let text = text.strip_prefix("W/").unwrap_or(text);
    text.strip_prefix('"')?.strip_suffix('"')
}
