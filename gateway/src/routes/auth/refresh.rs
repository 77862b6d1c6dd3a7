//! `POST /v1/auth/refresh`

use axum::{Extension, extract::State};
use pupila_proto::accounts::v1::RefreshRequest;
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::tokens::Tokens,
    extract::{Json, StrangersJson, WithAccounts},
    openapi::{BadJson, Problems},
    problem::{Problem, message},
};

/// Which session goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refresh {
    /// The newest refresh token of the session.
    #[schema(max_length = 500)]
    refresh_token: String,
}

/// Trade a refresh token for new tokens
///
/// A refresh token works once. A second use means that somebody else has it, and ends the session.
#[utoipa::path(
    post, path = "/v1/auth/refresh", tag = "auth", operation_id = "refresh",
    request_body = Refresh,
    responses((status = 200, description = "New tokens", body = Tokens), Problems, BadJson),
)]
pub(crate) async fn refresh(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
    _: WithAccounts,
    StrangersJson(body): StrangersJson<Refresh>,
) -> Result<Json<Tokens>, Problem> {
    let request = RefreshRequest {
        refresh_token: body.refresh_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let session = message(gateway.auth.clone().refresh(request).await)?;
    Ok(Json(session.tokens.unwrap_or_default().into()))
}
