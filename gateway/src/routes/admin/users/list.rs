//! `GET /v1/admin/users`

use axum::extract::State;
use pupila_proto::accounts::v1::ListUsersRequest;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::Gateway,
    dto::{
        page::{Listing, PageQuery},
        user::User,
    },
    extract::{Caller, Json, List, Query},
    openapi::Problems,
    problem::{Problem, message},
};

/// Which users.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// Only those whose e-mail address or name begins with this, without regard to case.
    query: Option<String>,
}

/// All users, the newest first
#[utoipa::path(
    get, path = "/v1/admin/users", tag = "admin", operation_id = "list_users",
    security(("bearer" = [])),
    params(UserQuery, PageQuery),
    responses((status = 200, description = "A page of users", body = Listing<User>), Problems),
)]
pub(crate) async fn list_users(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(users, page): Query<UserQuery, PageQuery>,
) -> Result<Json<Listing<User>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListUsersRequest {
        page_size,
        page_token,
        query: users.query.unwrap_or_default(),
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.users.clone().list_users(request).await)?;
    Ok(Json(Listing::new(page.users, page.next_page_token, &list)))
}
