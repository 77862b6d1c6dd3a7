//! `GET /v1/albums/{id}/archive`

mod files;

use axum::{extract::State, response::Response};
use http::HeaderMap;

use super::get;
use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{self, NotFound, Problems},
    problem::Problem,
    zip_file,
};

/// All images of an album as a ZIP file, in its order
///
/// It is made while it is sent, so its size is not known before. An image that is deleted meanwhile is left out; one whose
/// bytes the server has lost is named in `errors.txt`. Where the server fails midway the connection breaks off.
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
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let album = get::fetch(&gateway, &context, id).await?;
    let context = gateway.lasting(context, headers);
    let name = format!("{}.zip", album.name);
    let files = files::of_album(gateway, context, album.id);
    zip_file::answer(&name, files).await
}
