//! `GET /v1/albums`

use axum::extract::State;
use pupila_proto::accounts::v1::ListAlbumsRequest;

use crate::{
    app::Gateway,
    dto::{
        album::Album,
        page::{Listing, PageQuery},
    },
    extract::{Caller, Json, List, Query},
    openapi::Problems,
    problem::{Problem, message},
};

/// The albums that the caller owns or is a member of, the newest first
#[utoipa::path(
    get, path = "/v1/albums", tag = "albums", operation_id = "list_albums",
    security(("bearer" = [])),
    params(PageQuery),
    responses((status = 200, description = "A page of albums", body = Listing<Album>), Problems),
)]
pub(crate) async fn list_albums(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(page, _): Query<PageQuery>,
) -> Result<Json<Listing<Album>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListAlbumsRequest {
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.albums.clone().list_albums(request).await)?;
    Ok(Json(Listing::new(page.albums, page.next_page_token, &list)))
}
