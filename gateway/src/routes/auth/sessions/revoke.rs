//! `DELETE /v1/auth/sessions/{id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::RevokeSessionRequest;

use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// Sign out elsewhere
#[utoipa::path(
    delete, path = "/v1/auth/sessions/{id}", tag = "auth", operation_id = "revoke_session",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The session's id")),
    responses((status = 204, description = "The session ended"), Problems, NotFound),
)]
pub(crate) async fn revoke_session(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let request = context.call(RevokeSessionRequest { id }, gateway.call_timeout);
    message(gateway.users.clone().revoke_session(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
