//! `GET /v1/albums/{id}/archive`

mod contents;
mod entry;
mod pack;
mod writer;

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, header};

use super::get;
use crate::{
    app::Gateway,
    download,
    extract::{Caller, Path},
    openapi::{self, NotFound, Problems},
    problem::Problem,
};

/// All images of an album as a ZIP file, in its order
///
/// It is made while it is sent, so its size is not known before. An image that is deleted meanwhile is left out. Where
/// the server fails midway the connection breaks off.
#[utoipa::path(
    get, path = "/v1/albums/{id}/archive", tag = "albums", operation_id = "get_album_archive",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id")),
    responses(
        (
            status = 200, description = "The files as they were stored, named like `0001-x-ray.jpg`",
            headers(("Content-Disposition" = String, description = "The album's name")),
            content((openapi::File = "application/zip")),
        ),
        Problems, NotFound,
    ),
)]
pub(crate) async fn get_album_archive(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    let album = get::fetch(&gateway, &context, id).await?;
    let mut headers = download::sandboxed();
    let zip = HeaderValue::from_static("application/zip");
    headers.insert(header::CONTENT_TYPE, zip);
    let name = download::attachment(&format!("{}.zip", album.name));
    headers.insert(header::CONTENT_DISPOSITION, name);
    let images = contents::of_album(gateway, context, request, album.id);
    Ok((headers, Body::from_stream(pack::pack(images))).into_response())
}
