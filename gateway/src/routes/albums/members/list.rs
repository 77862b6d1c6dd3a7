//! `GET /v1/albums/{id}/members`

use axum::extract::State;
use pupila_proto::accounts::v1::ListMembersRequest;

use crate::{
    app::Gateway,
    dto::{
        album::Member,
        page::{Listing, PageQuery},
    },
    extract::{Caller, Json, List, Path, Query},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    routes::albums::under_path_names,
};

/// The members of an album, by the time they were added
///
/// For the owner.
#[utoipa::path(
    get, path = "/v1/albums/{id}/members", tag = "albums", operation_id = "list_album_members",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id"), PageQuery),
    responses((status = 200, description = "A page of members", body = Listing<Member>), Problems, NotFound),
)]
pub(crate) async fn list_album_members(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(album_id): Path<String>,
    list: List,
    Query(page, _): Query<PageQuery>,
) -> Result<Json<Listing<Member>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListMembersRequest {
        album_id,
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.albums.clone().list_members(request).await);
    let page = page.map_err(under_path_names)?;
    Ok(Json(Listing::new(
        page.members,
        page.next_page_token,
        &list,
    )))
}
