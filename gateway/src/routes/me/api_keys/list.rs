//! `GET /v1/me/api-keys`

use axum::extract::State;
use pupila_proto::accounts::v1::ListApiKeysRequest;

use crate::{
    app::Gateway,
    dto::{
        api_key::ApiKey,
        page::{Listing, PageQuery},
    },
    extract::{Caller, Json, List, Query},
    openapi::Problems,
    problem::{Problem, message},
};

/// The caller's API keys, the newest first
#[utoipa::path(
    get, path = "/v1/me/api-keys", tag = "me", operation_id = "list_api_keys",
    security(("bearer" = [])),
    params(PageQuery),
    responses((status = 200, description = "A page of keys", body = Listing<ApiKey>), Problems),
)]
pub(crate) async fn list_api_keys(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(page, _): Query<PageQuery>,
) -> Result<Json<Listing<ApiKey>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListApiKeysRequest {
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.users.clone().list_api_keys(request).await)?;
    Ok(Json(Listing::new(
        page.api_keys,
        page.next_page_token,
        &list,
    )))
}
