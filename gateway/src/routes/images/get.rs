//! `GET /v1/images/{id}`

use axum::extract::State;
use pupila_proto::images::v1::{self as proto, GetImageRequest};
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    dto::image::Image,
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    response::Tagged,
};

/// What is known of an image
#[utoipa::path(
    get, path = "/v1/images/{id}", tag = "images", operation_id = "get_image",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The image's id")),
    responses(
        (
            status = 200, description = "The image", body = Image,
            headers(("ETag" = String, description = "Its revision, for `If-Match`")),
        ),
        Problems, NotFound,
    ),
)]
pub(crate) async fn get_image(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<Tagged<Image>, Problem> {
    let image = fetch(&gateway, &context, id).await?;
    Ok(Tagged(image.into()))
}

/// One image as the service tells it.
pub(crate) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    id: String,
) -> Result<proto::Image, Problem> {
    let request = context.call(GetImageRequest { id }, gateway.call_timeout);
    let response = gateway.images.clone().get_image(request).await;
    Ok(message(response)?.image.unwrap_or_default())
}
