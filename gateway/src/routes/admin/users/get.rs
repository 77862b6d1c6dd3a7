//! `GET /v1/admin/users/{id}`

use axum::extract::State;
use pupila_proto::accounts::v1::{GetUserRequest, User};
use pupila_runtime::context::RequestContext;

use super::usage;
use crate::{
    app::Gateway,
    dto::user::UserWithUsage,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    response::Tagged,
};

/// One user, and how much they store
#[utoipa::path(
    get, path = "/v1/admin/users/{id}", tag = "admin", operation_id = "get_user",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = UserWithUsage, headers(("ETag" = String, description = "Its revision"))),
        Problems, NotFound,
    ),
)]
pub(crate) async fn get_user(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<Tagged<UserWithUsage>, Problem> {
    let user = fetch(&gateway, &context, id).await?;
    let usage = usage::get(&gateway, &context, user.id.clone()).await?;
    Ok(Tagged(UserWithUsage::new(user, usage)))
}

/// One user as accounts tells them.
pub(super) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    id: String,
) -> Result<User, Problem> {
    let request = context.call(GetUserRequest { id }, gateway.call_timeout);
    let answer = message(gateway.users.clone().get_user(request).await)?;
    Ok(answer.user.unwrap_or_default())
}
