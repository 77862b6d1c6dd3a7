//! `DELETE /v1/me`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::DeleteMeRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    extract::{Caller, Json, WithAccounts},
    openapi::{BadJson, Conflict, Problems},
    problem::{Problem, message},
};

/// Proof that it is meant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeleteMe {
    /// The caller's password.
    #[schema(format = Password, min_length = 1, max_length = 200)]
    password: String,
}

/// Delete the account, with everything that the caller owns
///
/// It cannot be undone. What they own goes in the background.
#[utoipa::path(
    delete, path = "/v1/me", tag = "me", operation_id = "delete_me",
    security(("bearer" = [])),
    request_body = DeleteMe,
    responses((status = 202, description = "The caller has no account any more"), Problems, Conflict, BadJson),
)]
pub(crate) async fn delete_me(
    State(gateway): State<Gateway>,
    _: WithAccounts,
    Caller(context): Caller,
    Json(body): Json<DeleteMe>,
) -> Result<StatusCode, Problem> {
    let request = DeleteMeRequest {
        password: body.password,
    };
    let request = context.call(request, gateway.call_timeout);
    message(gateway.users.clone().delete_me(request).await)?;
    Ok(StatusCode::ACCEPTED)
}
