//! `DELETE /v1/me/api-keys/{id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::RevokeApiKeyRequest;

use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// End an API key
///
/// Tokens that it was traded for work on until they end, which takes minutes.
#[utoipa::path(
    delete, path = "/v1/me/api-keys/{id}", tag = "me", operation_id = "revoke_api_key",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The key's id")),
    responses((status = 204, description = "The key ended"), Problems, NotFound),
)]
pub(crate) async fn revoke_api_key(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let request = context.call(RevokeApiKeyRequest { id }, gateway.call_timeout);
    message(gateway.users.clone().revoke_api_key(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
