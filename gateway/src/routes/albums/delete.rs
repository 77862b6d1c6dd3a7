//! `DELETE /v1/albums/{id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::DeleteAlbumRequest;

use crate::{
    app::Gateway,
    extract::{Caller, IfMatch, Path},
    openapi::{NotFound, PreconditionFailed, Problems},
    problem::{Problem, message},
};

/// Delete an album
///
/// Its images stay. For the owner.
#[utoipa::path(
    delete, path = "/v1/albums/{id}", tag = "albums", operation_id = "delete_album",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id"), IfMatch),
    responses((status = 204, description = "It is deleted"), Problems, NotFound, PreconditionFailed),
)]
pub(crate) async fn delete_album(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    condition: IfMatch,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let request = DeleteAlbumRequest {
        id,
        expected_revision: condition.expected_revision(),
    };
    let request = context.call(request, gateway.call_timeout);
    message(gateway.albums.clone().delete_album(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
