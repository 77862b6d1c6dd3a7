//! `DELETE /v1/albums/{id}/members/{member_id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::RemoveMemberRequest;

use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    routes::albums::under_path_names,
};

/// End a membership
///
/// For the owner, and for the member: `me` stands for the caller's own membership.
#[utoipa::path(
    delete, path = "/v1/albums/{id}/members/{member_id}", tag = "albums", operation_id = "remove_album_member",
    security(("bearer" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "The album's id"),
        ("member_id" = String, Path, description = "The member's id, or `me`", pattern = "^(me|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"),
    ),
    responses((status = 204, description = "It ended"), Problems, NotFound),
)]
pub(crate) async fn remove_album_member(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path((album_id, member_id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let request = RemoveMemberRequest {
        album_id,
        member_id,
    };
    let request = context.call(request, gateway.call_timeout);
    let removed = message(gateway.albums.clone().remove_member(request).await);
    removed.map_err(under_path_names)?;
    Ok(StatusCode::NO_CONTENT)
}
