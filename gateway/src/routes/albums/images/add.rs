//! `POST /v1/albums/{id}/images`

use std::collections::HashSet;

use axum::extract::State;
use pupila_proto::{accounts::v1::AddImagesRequest, images::v1::ImageFilter};
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::Gateway,
    dto::album::Album,
    extract::{Caller, Json, Path},
    openapi::{BadJson, Conflict, NotFound, Problems},
    problem::{Problem, message},
    refusal::Refusal,
    response::Tagged,
    routes::{albums::under_path_names, images::batch},
};

/// Which images.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddImages {
    /// The caller's own images.
    #[schema(min_items = 1, max_items = 200)]
    image_ids: Vec<Uuid>,
}

/// Put images at the end of an album
///
/// Those that are in it already stay where they are. For the owner and editors, who each add images of their own.
#[utoipa::path(
    post, path = "/v1/albums/{id}/images", tag = "albums", operation_id = "add_album_images",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The album's id")),
    request_body = AddImages,
    responses(
        (status = 200, description = "The album", body = Album, headers(("ETag" = String, description = "Its revision"))),
        Problems, NotFound, Conflict, BadJson,
    ),
)]
pub(crate) async fn add_album_images(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(album_id): Path<String>,
    Json(body): Json<AddImages>,
) -> Result<Tagged<Album>, Problem> {
    let image_ids: Vec<_> = body.image_ids.iter().map(Uuid::to_string).collect();
    require_own(&gateway, &context, &image_ids).await?;
    let request = AddImagesRequest {
        album_id,
        image_ids,
    };
    let request = context.call(request, gateway.call_timeout);
    let answer = message(gateway.albums.clone().add_images(request).await);
    let album = answer.map_err(under_path_names)?.album;
    Ok(Tagged(album.unwrap_or_default().into()))
}

/// Refuses images that are not the caller's: nobody else would see them through the album.
async fn require_own(
    gateway: &Gateway,
    context: &RequestContext,
    ids: &[String],
) -> Result<(), Problem> {
    let user = gateway.authenticator.user(&context.credential).await?;
    let owner = user.id.to_string();
    let images = batch::fetch(gateway, context, ids.to_vec(), ImageFilter::default()).await;
    let images = images.map_err(|problem| problem.rename_fields(|_| "image_ids".to_owned()))?;
    let own = images.into_iter().filter(|image| image.owner == owner);
    let own: HashSet<_> = own.map(|image| image.id).collect();
    let others: Vec<_> = ids
        .iter()
        .filter(|id| !own.contains(*id))
        .cloned()
        .collect();
    if others.is_empty() {
        Ok(())
    } else {
        Err(Refusal::NotYourImages(others).into())
    }
}
