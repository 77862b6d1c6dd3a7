//! `PATCH /v1/albums/{id}`

use axum::extract::State;
use pupila_proto::accounts::v1::UpdateAlbumRequest;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::Gateway,
    dto::{album::Album, line::Line, nullable},
    extract::{Caller, IfMatch, Json, Path},
    openapi::{BadJson, NotFound, PreconditionFailed, Problems},
    problem::{Problem, message},
    response::Tagged,
};

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateAlbum {
    /// Its name.
    name: Option<Line<100>>,
    /// What it is about.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// The image shown for it, one of its own; null for none.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<Uuid>)]
    cover_image_id: Option<Option<Uuid>>,
}

/// Rename or describe an album, or choose its cover
///
/// For the owner and editors.
#[utoipa::path(
    patch, path = "/v1/albums/{id}", tag = "albums", operation_id = "update_album",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id"), IfMatch),
    request_body = UpdateAlbum,
    responses(
        (status = 200, description = "The album", body = Album, headers(("ETag" = String, description = "Its revision"))),
        Problems, NotFound, PreconditionFailed, BadJson,
    ),
)]
pub(crate) async fn update_album(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    condition: IfMatch,
    Path(id): Path<String>,
    Json(body): Json<UpdateAlbum>,
) -> Result<Tagged<Album>, Problem> {
    let none = String::new;
    let request = UpdateAlbumRequest {
        id,
        name: body.name.map(|name| name.0),
        description: body.description,
        cover_image_id: body
            .cover_image_id
            .map(|id| id.map_or_else(none, |id| id.to_string())),
        expected_revision: condition.expected_revision(),
    };
    let request = context.call(request, gateway.call_timeout);
    let answer = message(gateway.albums.clone().update_album(request).await)?;
    Ok(Tagged(answer.album.unwrap_or_default().into()))
}
