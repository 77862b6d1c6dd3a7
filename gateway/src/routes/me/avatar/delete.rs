//! `DELETE /v1/me/avatar`

use axum::{extract::State, http::StatusCode};
use pupila_proto::images::v1::DeleteAvatarRequest;

use crate::{
    app::Gateway,
    extract::Caller,
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// Delete the profile picture
#[utoipa::path(
    delete, path = "/v1/me/avatar", tag = "me", operation_id = "delete_avatar",
    security(("bearer" = [])),
    responses((status = 204, description = "There is none any more"), Problems, NotFound),
)]
pub(crate) async fn delete_avatar(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<StatusCode, Problem> {
    let request = context.call(DeleteAvatarRequest {}, gateway.call_timeout);
    message(gateway.images.clone().delete_avatar(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
