//! `DELETE /v1/admin/users/{id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::DeleteUserRequest;

use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{Conflict, NotFound, Problems},
    problem::{Problem, message},
};

/// Delete a user, with everything that they own
///
/// It cannot be undone. What they own goes in the background.
#[utoipa::path(
    delete, path = "/v1/admin/users/{id}", tag = "admin", operation_id = "delete_user",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses((status = 202, description = "The user is on the way out: DELETING, then not there any more"), Problems, NotFound, Conflict),
)]
pub(crate) async fn delete_user(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let request = context.call(DeleteUserRequest { id }, gateway.call_timeout);
    message(gateway.users.clone().delete_user(request).await)?;
    Ok(StatusCode::ACCEPTED)
}
