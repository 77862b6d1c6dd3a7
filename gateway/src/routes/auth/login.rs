//! `POST /v1/auth/login`

use axum::{Extension, extract::State};
use http::{HeaderMap, header};
use pupila_proto::accounts::v1::SignInRequest;
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

/// Of what a device says of itself, as much is kept, in characters.
const MAX_USER_AGENT: usize = 300;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// The e-mail address.
    #[schema(format = Email, min_length = 3, max_length = 254, example = "ana@example.org")]
    email: String,
    /// The password.
    #[schema(format = Password, min_length = 1, max_length = 200)]
    password: String,
}

/// Sign in
#[utoipa::path(
    post, path = "/v1/auth/login", tag = "auth", operation_id = "log_in",
    request_body = Login,
    responses((status = 200, description = "A session", body = Tokens), Problems, BadJson),
)]
pub(crate) async fn log_in(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
    _: WithAccounts,
    headers: HeaderMap,
    StrangersJson(body): StrangersJson<Login>,
) -> Result<Json<Tokens>, Problem> {
    let request = SignInRequest {
        email: body.email,
        password: body.password,
        user_agent: user_agent(&headers),
    };
    let request = context.call(request, gateway.call_timeout);
    let session = message(gateway.auth.clone().sign_in(request).await)?;
    Ok(Json(session.tokens.unwrap_or_default().into()))
}

fn user_agent(headers: &HeaderMap) -> String {
    let value = headers.get(header::USER_AGENT);
    let text = value.and_then(|value| value.to_str().ok());
    text.unwrap_or_default()
        .chars()
        .take(MAX_USER_AGENT)
        .collect()
}
