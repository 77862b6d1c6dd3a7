//! `PATCH /v1/albums/{id}/images/{image_id}`

use axum::{extract::State, http::StatusCode};
use pupila_proto::accounts::v1::MoveImageRequest;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::Gateway,
    extract::{Caller, Json, Path},
    openapi::{BadJson, NotFound, Problems},
    problem::{Problem, message},
};

/// Where to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveImage {
    /// The image of the album that it comes after; null for the front.
    #[serde(deserialize_with = "required")]
    #[schema(required = true)]
    after: Option<Uuid>,
}

/// Left to itself, serde takes the absence of an option for null.
fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Uuid>, D::Error> {
    Option::deserialize(deserializer)
}

/// Move an image within an album
///
/// For the owner and editors.
#[utoipa::path(
    patch, path = "/v1/albums/{id}/images/{image_id}", tag = "albums", operation_id = "move_album_image",
    security(("bearer" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "The album's id"),
        ("image_id" = uuid::Uuid, Path, description = "The image's id"),
    ),
    request_body = MoveImage,
    responses((status = 204, description = "It is moved"), Problems, NotFound, BadJson),
)]
pub(crate) async fn move_album_image(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path((album_id, image_id)): Path<(String, String)>,
    Json(body): Json<MoveImage>,
) -> Result<StatusCode, Problem> {
    let request = MoveImageRequest {
        album_id,
        image_id,
        after_image_id: body.after.map(|id| id.to_string()).unwrap_or_default(),
    };
    let request = context.call(request, gateway.call_timeout);
    let moved = message(gateway.albums.clone().move_image(request).await);
    moved.map_err(|problem| {
        problem.rename_fields(|field| match field {
            "album_id" => "id".to_owned(),
            "after_image_id" => "after".to_owned(),
            field => field.to_owned(),
        })
    })?;
    Ok(StatusCode::NO_CONTENT)
}
