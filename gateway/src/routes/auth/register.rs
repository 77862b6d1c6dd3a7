//! `POST /v1/auth/register`

use axum::{Extension, extract::State, http::StatusCode};
use pupila_proto::accounts::v1::RegisterRequest;
use pupila_runtime::context::RequestContext;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::{line::Line, user::Language},
    extract::{Json, StrangersJson, WithAccounts},
    openapi::{BadJson, PublicProblems},
    problem::{Problem, message},
};

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Register {
    /// The e-mail address; upper and lower case are the same.
    #[schema(format = Email, min_length = 3, max_length = 254, example = "ana@example.org")]
    email: String,
    /// The password.
    #[schema(format = Password, min_length = 8, max_length = 200, example = "correct horse battery")]
    password: String,
    /// The name that others see.
    display_name: Line<100>,
    /// Language of the messages to the user.
    #[serde(default)]
    language: Language,
}

/// Nothing, on purpose: it would tell who has an account.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {}

/// Make an account
///
/// The first one is the administrator's. The answer is the same where the e-mail address has an account already.
#[utoipa::path(
    post, path = "/v1/auth/register", tag = "auth", operation_id = "register",
    request_body = Register,
    responses((status = 202, description = "Taken note of", body = Accepted), PublicProblems, BadJson),
)]
pub(crate) async fn register(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
    _: WithAccounts,
    StrangersJson(body): StrangersJson<Register>,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let request = RegisterRequest {
        email: body.email,
        password: body.password,
        display_name: body.display_name.0,
        language: body.language.code(),
    };
    let request = context.call(request, gateway.call_timeout);
    message(gateway.auth.clone().register(request).await)?;
    Ok((StatusCode::ACCEPTED, Json(Accepted {})))
}
