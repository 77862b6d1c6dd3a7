//! `POST /v1/auth/logout`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::SignOutRequest;

use crate::{
    app::Gateway,
    extract::{Caller, WithAccounts},
    openapi::Problems,
    problem::{Problem, message},
};

/// Sign out
///
/// Ends the session that the access token belongs to. The token itself works on until it ends, which takes minutes.
#[utoipa::path(
    post, path = "/v1/auth/logout", tag = "auth", operation_id = "log_out",
    security(("bearer" = [])),
    responses((status = 204, description = "Signed out"), Problems),
)]
pub(crate) async fn log_out(
    State(gateway): State<Gateway>,
    _: WithAccounts,
    Caller(context): Caller,
) -> Result<StatusCode, Problem> {
    let request = context.call(SignOutRequest {}, gateway.call_timeout);
    message(gateway.auth.clone().sign_out(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
