//! `POST /v1/images`

mod batch;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use utoipa::ToSchema;

use self::batch::Batch;
use crate::{
    app::Gateway,
    dto::image::StoredFiles,
    extract::{Caller, Form, IdempotencyKey, Json},
    openapi::{BadFile, Conflict, Problems},
    problem::Problem,
    response::Created,
};

/// A form with images to store. The fields about them come before the files.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described; `Batch` reads it")]
pub(crate) struct ImagesForm {
    /// What the images show.
    #[schema(max_length = 2000, nullable = false)]
    description: Option<String>,
    /// Keeps the place that the camera wrote into the files. Else it is removed, from the files too.
    #[schema(default = false, nullable = false)]
    keep_location: Option<bool>,
    /// PNG, JPEG, GIF, WebP, BMP or TIFF; sent once for each image, up to 1000 times.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// Store images
///
/// Each file is stored as it comes, and has a result of its own, in the order of the form. A file that is refused does
/// not hinder the others; after one that is too large, where the form is broken or the access token of a session has
/// ended, nothing more is read, and the results end there. What was stored before stays. Where nothing was stored, the
/// first problem is the answer.
///
/// An `Idempotency-Key` holds for each file at its place in the form: a form that is repeated stores what is missing.
#[utoipa::path(
    post, path = "/v1/images", tag = "images", operation_id = "create_images",
    security(("bearer" = [])),
    params(IdempotencyKey),
    request_body(content = ImagesForm, content_type = "multipart/form-data"),
    responses(
        (
            status = 201, description = "At least one image is stored", body = StoredFiles,
            headers(("Location" = String, description = "Where the image is, if it is one alone")),
        ),
        Problems, Conflict, BadFile,
    ),
)]
pub(crate) async fn create_images(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    key: IdempotencyKey,
    headers: HeaderMap,
    Form(form): Form,
) -> Result<Response, Problem> {
    let context = gateway.lasting(context, headers);
    let mut batch = Batch::new(gateway, context, key);
    batch.store(form).await;
    let stored = StoredFiles {
        items: batch.into_results()?,
    };
    Ok(match stored.only_image() {
        Some(image) => Created(format!("/v1/images/{}", image.id), Json(stored)).into_response(),
        None => (StatusCode::CREATED, Json(stored)).into_response(),
    })
}
