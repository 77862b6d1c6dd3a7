//! `DELETE /v1/albums/{id}/images/{image_id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::RemoveImageRequest;

use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    routes::albums::under_path_names,
};

/// Take an image out of an album
///
/// The image itself stays. For the owner, editors and whoever added it.
#[utoipa::path(
    delete, path = "/v1/albums/{id}/images/{image_id}", tag = "albums", operation_id = "remove_album_image",
    security(("bearer" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "The album's id"),
        ("image_id" = uuid::Uuid, Path, description = "The image's id"),
    ),
    responses((status = 204, description = "It is out"), Problems, NotFound),
)]
pub(crate) async fn remove_album_image(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path((album_id, image_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let request = RemoveImageRequest { album_id, image_id };
    let request = context.call(request, gateway.call_timeout);
    let removed = message(gateway.albums.clone().remove_image(request).await);
    removed.map_err(under_path_names)?;
    Ok(StatusCode::NO_CONTENT)
}
