//! `PUT /v1/me/password`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::ChangePasswordRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    extract::{Caller, Json, WithAccounts},
    openapi::{BadJson, Problems},
    problem::{Problem, message},
};

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    /// The one until now.
    #[schema(format = Password, min_length = 1, max_length = 200)]
    current_password: String,
    /// The new one.
    #[schema(format = Password, min_length = 8, max_length = 200, example = "correct horse battery")]
    new_password: String,
}

/// Change the password
///
/// Signs the caller out everywhere else.
#[utoipa::path(
    put, path = "/v1/me/password", tag = "me", operation_id = "change_password",
    security(("bearer" = [])),
    request_body = ChangePassword,
    responses((status = 204, description = "The new password holds"), Problems, BadJson),
)]
pub(crate) async fn change_password(
    State(gateway): State<Gateway>,
    _: WithAccounts,
    Caller(context): Caller,
    Json(body): Json<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let request = ChangePasswordRequest {
        current_password: body.current_password,
        new_password: body.new_password,
    };
    let request = context.call(request, gateway.call_timeout);
    message(gateway.users.clone().change_password(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
