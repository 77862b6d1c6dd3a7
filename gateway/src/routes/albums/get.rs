//! `GET /v1/albums/{id}`

use axum::extract::State;
use pupila_proto::accounts::v1::{self as proto, GetAlbumRequest};
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    dto::album::Album,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    response::Tagged,
};

/// One album
#[utoipa::path(
    get, path = "/v1/albums/{id}", tag = "albums", operation_id = "get_album",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id")),
    responses(
        (status = 200, description = "The album", body = Album, headers(("ETag" = String, description = "Its revision"))),
        Problems, NotFound,
    ),
)]
pub(crate) async fn get_album(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<Tagged<Album>, Problem> {
    let album = fetch(&gateway, &context, id).await?;
    Ok(Tagged(album.into()))
}

/// One album as the service tells it.
pub(super) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    id: String,
) -> Result<proto::Album, Problem> {
    let request = context.call(GetAlbumRequest { id }, gateway.call_timeout);
    let response = gateway.albums.clone().get_album(request).await;
    Ok(message(response)?.album.unwrap_or_default())
}
