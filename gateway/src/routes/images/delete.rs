//! `DELETE /v1/images/{id}`

use axum::extract::State;
use http::StatusCode;
use pupila_proto::images::v1::DeleteImageRequest;

use crate::{
    app::Gateway,
    extract::{Caller, IfMatch, Path},
    openapi::{NotFound, PreconditionFailed, Problems},
    problem::{Problem, message},
};

/// Delete an image
///
/// It leaves all albums. Predictions about it stay.
#[utoipa::path(
    delete, path = "/v1/images/{id}", tag = "images", operation_id = "delete_image",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The image's id"), IfMatch),
    responses(
        (status = 204, description = "It is deleted"),
        Problems, NotFound, PreconditionFailed,
    ),
)]
pub(crate) async fn delete_image(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    expected: IfMatch,
) -> Result<StatusCode, Problem> {
    let request = DeleteImageRequest {
        id,
        expected_revision: expected.expected_revision(),
    };
    let request = context.call(request, gateway.call_timeout);
    message(gateway.images.clone().delete_image(request).await)?;
    Ok(StatusCode::NO_CONTENT)
}
