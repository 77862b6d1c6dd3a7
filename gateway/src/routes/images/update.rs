//! `PATCH /v1/images/{id}`

use axum::extract::State;
use pupila_proto::images::v1::UpdateImageRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::Gateway,
    dto::{image::Image, line::Line},
    extract::{Caller, IfMatch, Json, Path},
    openapi::{BadJson, NotFound, PreconditionFailed, Problems},
    problem::{Problem, message},
    response::Tagged,
};

/// What is to change. What is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImageChange {
    /// The new name.
    name: Option<Line<255>>,
    /// The new description.
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// Rename or describe an image
#[utoipa::path(
    patch, path = "/v1/images/{id}", tag = "images", operation_id = "update_image",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The image's id"), IfMatch),
    request_body = ImageChange,
    responses(
        (
            status = 200, description = "The image as it is now", body = Image,
            headers(("ETag" = String, description = "Its revision, for `If-Match`")),
        ),
        Problems, NotFound, PreconditionFailed, BadJson,
    ),
)]
pub(crate) async fn update_image(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    expected: IfMatch,
    Json(change): Json<ImageChange>,
) -> Result<Tagged<Image>, Problem> {
    let request = UpdateImageRequest {
        id,
        name: change.name.map(|name| name.0),
        description: change.description,
        expected_revision: expected.expected_revision(),
    };
    let request = context.call(request, gateway.call_timeout);
    let response = gateway.images.clone().update_image(request).await;
    let image = message(response)?.image.unwrap_or_default();
    Ok(Tagged(image.into()))
}
