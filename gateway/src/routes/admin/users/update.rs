//! `PATCH /v1/admin/users/{id}`

use axum::extract::State;
use pupila_proto::accounts::v1::{Role as ProtoRole, UpdateUserRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{get, usage};
use crate::{
    app::Gateway,
    dto::{
        number,
        user::{Role, UserWithUsage},
    },
    extract::{Caller, IfMatch, Json, Path},
    openapi::{BadJson, Conflict, NotFound, PreconditionFailed, Problems},
    problem::{Problem, message},
    response::Tagged,
};

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateUser {
    /// What they may do.
    role: Option<Role>,
    /// True keeps them out and signs them out, false lets them in again.
    blocked: Option<bool>,
    /// Bytes that they may store; null for the configured default.
    #[serde(default, deserialize_with = "number::nullable")]
    #[schema(value_type = Option<u64>, maximum = 9_007_199_254_740_991_i64)]
    quota_bytes: Option<Option<u64>>,
}

/// Change a user's role or quota, or block them
///
/// The last administrator cannot be lost. Role and blocking change first: where the quota could not be set the call
/// can be repeated.
#[utoipa::path(
    patch, path = "/v1/admin/users/{id}", tag = "admin", operation_id = "update_user",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The user's id"), IfMatch),
    request_body = UpdateUser,
    responses(
        (status = 200, description = "The user", body = UserWithUsage, headers(("ETag" = String, description = "Its revision"))),
        Problems, NotFound, Conflict, PreconditionFailed, BadJson,
    ),
)]
pub(crate) async fn update_user(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    condition: IfMatch,
    Path(id): Path<String>,
    Json(body): Json<UpdateUser>,
) -> Result<Tagged<UserWithUsage>, Problem> {
    let change = UpdateUserRequest {
        id,
        role: body.role.map(|role| ProtoRole::from(role).into()),
        blocked: body.blocked,
        expected_revision: condition.expected_revision(),
    };
    let user = if is_about_the_account(&change) {
        let change = context.call(change, gateway.call_timeout);
        let answer = message(gateway.users.clone().update_user(change).await)?;
        answer.user.unwrap_or_default()
    } else {
        get::fetch(&gateway, &context, change.id).await?
    };
    let usage = match body.quota_bytes {
        Some(quota) => usage::set_quota(&gateway, &context, user.id.clone(), quota).await?,
        None => usage::get(&gateway, &context, user.id.clone()).await?,
    };
    Ok(Tagged(UserWithUsage::new(user, usage)))
}

/// Whether accounts has something to change or to hold against the revision.
fn is_about_the_account(change: &UpdateUserRequest) -> bool {
    change.role.is_some() || change.blocked.is_some() || change.expected_revision.is_some()
}
