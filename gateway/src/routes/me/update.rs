//! `PATCH /v1/me`

use axum::extract::State;
use pupila_proto::accounts::v1::UpdateMeRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::{
        line::Line,
        user::{Language, User},
    },
    extract::{Caller, IfMatch, Json},
    openapi::{BadJson, PreconditionFailed, Problems},
    problem::{Problem, message},
    response::Tagged,
};

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateMe {
    /// The name that others see.
    display_name: Option<Line<100>>,
    /// Language of the messages to the user.
    language: Option<Language>,
}

/// Change the profile
#[utoipa::path(
    patch, path = "/v1/me", tag = "me", operation_id = "update_me",
    security(("bearer" = [])),
    params(IfMatch),
    request_body = UpdateMe,
    responses(
        (status = 200, description = "The caller", body = User, headers(("ETag" = String, description = "Its revision"))),
        Problems, PreconditionFailed, BadJson,
    ),
)]
pub(crate) async fn update_me(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    condition: IfMatch,
    Json(body): Json<UpdateMe>,
) -> Result<Tagged<User>, Problem> {
    let request = UpdateMeRequest {
        display_name: body.display_name.map(|Line(name)| name),
        language: body.language.map(Language::code),
        expected_revision: condition.expected_revision(),
    };
    let request = context.call(request, gateway.call_timeout);
    let answer = message(gateway.users.clone().update_me(request).await)?;
    Ok(Tagged(answer.user.unwrap_or_default().into()))
}
