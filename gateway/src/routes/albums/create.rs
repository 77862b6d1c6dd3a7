//! `POST /v1/albums`

use axum::extract::State;
use pupila_proto::accounts::v1::CreateAlbumRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::{album::Album, line::Line},
    extract::{Caller, IdempotencyKey, Json},
    openapi::{BadJson, Conflict, Problems},
    problem::{Problem, message},
    response::{Created, Tagged},
};

/// A new album.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAlbum {
    /// Its name.
    name: Line<100>,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 2000)]
    description: String,
}

/// Make an album
#[utoipa::path(
    post, path = "/v1/albums", tag = "albums", operation_id = "create_album",
    security(("bearer" = [])),
    params(IdempotencyKey),
    request_body = CreateAlbum,
    responses(
        (
            status = 201, description = "The album", body = Album,
            headers(
                ("ETag" = String, description = "Its revision"),
                ("Location" = String, description = "Where it is"),
            ),
        ),
        Problems, Conflict, BadJson,
    ),
)]
pub(crate) async fn create_album(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    idempotency_key: IdempotencyKey,
    Json(body): Json<CreateAlbum>,
) -> Result<Created<Tagged<Album>>, Problem> {
    let request = CreateAlbumRequest {
        name: body.name.0,
        description: body.description,
        idempotency_key: idempotency_key.into_text(),
    };
    let request = context.call(request, gateway.call_timeout);
    let created = message(gateway.albums.clone().create_album(request).await)?;
    let album = Album::from(created.album.unwrap_or_default());
    Ok(Created(format!("/v1/albums/{}", album.id), Tagged(album)))
}
