//! `DELETE /v1/albums/{id}/links/{link_id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::DeleteLinkRequest;

use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    routes::albums::under_path_names,
};

/// End a share link
///
/// For the owner.
#[utoipa::path(
    delete, path = "/v1/albums/{id}/links/{link_id}", tag = "albums", operation_id = "delete_album_link",
    security(("bearer" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "The album's id"),
        ("link_id" = uuid::Uuid, Path, description = "The link's id"),
    ),
    responses((status = 204, description = "It ended"), Problems, NotFound),
)]
pub(crate) async fn delete_album_link(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path((album_id, link_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let request = DeleteLinkRequest { album_id, link_id };
    let request = context.call(request, gateway.call_timeout);
    let deleted = message(gateway.albums.clone().delete_link(request).await);
    deleted.map_err(under_path_names)?;
    Ok(StatusCode::NO_CONTENT)
}
