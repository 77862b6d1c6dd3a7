//! `GET /v1/albums/{id}/links`

use axum::extract::State;
use pupila_proto::accounts::v1::ListLinksRequest;

use crate::{
    app::Gateway,
    dto::{
        album::Link,
        page::{Listing, PageQuery},
    },
    extract::{Caller, Json, List, Path, Query},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    routes::albums::under_path_names,
};

/// The share links of an album, the newest first
///
/// For the owner.
#[utoipa::path(
    get, path = "/v1/albums/{id}/links", tag = "albums", operation_id = "list_album_links",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id"), PageQuery),
    responses((status = 200, description = "A page of links", body = Listing<Link>), Problems, NotFound),
)]
pub(crate) async fn list_album_links(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(album_id): Path<String>,
    list: List,
    Query(page, _): Query<PageQuery>,
) -> Result<Json<Listing<Link>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListLinksRequest {
        album_id,
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.albums.clone().list_links(request).await);
    let page = page.map_err(under_path_names)?;
    Ok(Json(Listing::new(page.links, page.next_page_token, &list)))
}
