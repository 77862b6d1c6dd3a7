//! `GET /v1/me`

use axum::extract::State;
use pupila_proto::accounts::v1::GetMeRequest;

use crate::{
    app::Gateway,
    dto::user::User,
    extract::Caller,
    openapi::Problems,
    problem::{Problem, message},
    response::Tagged,
};

/// Who the caller is
#[utoipa::path(
    get, path = "/v1/me", tag = "me", operation_id = "get_me",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The caller", body = User, headers(("ETag" = String, description = "Its revision"))),
        Problems,
    ),
)]
pub(crate) async fn get_me(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Tagged<User>, Problem> {
    let request = context.call(GetMeRequest {}, gateway.call_timeout);
    let answer = message(gateway.users.clone().get_me(request).await)?;
    Ok(Tagged(answer.user.unwrap_or_default().into()))
}
