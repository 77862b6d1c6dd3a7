//! `GET /v1/auth/sessions`

use axum::extract::State;
use pupila_proto::accounts::v1::ListSessionsRequest;

use crate::{
    app::Gateway,
    dto::{
        page::{Listing, PageQuery},
        session::Session,
    },
    extract::{Caller, Json, List, Query},
    openapi::Problems,
    problem::{Problem, message},
};

/// Where the caller is signed in, the newest first
#[utoipa::path(
    get, path = "/v1/auth/sessions", tag = "auth", operation_id = "list_sessions",
    security(("bearer" = [])),
    params(PageQuery),
    responses((status = 200, description = "A page of sessions", body = Listing<Session>), Problems),
)]
pub(crate) async fn list_sessions(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(page, _): Query<PageQuery>,
) -> Result<Json<Listing<Session>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListSessionsRequest {
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.users.clone().list_sessions(request).await)?;
    Ok(Json(Listing::new(
        page.sessions,
        page.next_page_token,
        &list,
    )))
}
