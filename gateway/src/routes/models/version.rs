//! `GET /v1/models/{name}/versions/{version}`

use axum::extract::State;

use super::get::fetch;
use crate::{
    app::Gateway,
    dto::model::{Model, ModelVersion},
    error::RequestError,
    extract::{Caller, Json, Path},
    openapi::{NotFound, Problems},
    problem::Problem,
};

/// One version of a model
#[utoipa::path(
    get, path = "/v1/models/{name}/versions/{version}", tag = "models", operation_id = "get_model_version",
    security(("bearer" = [])),
    params(
        ("name" = String, Path, description = "The model's name", example = "pneumonia"),
        ("version" = u32, Path, description = "The version", example = 1),
    ),
    responses((status = 200, description = "The version", body = ModelVersion), Problems, NotFound),
)]
pub(crate) async fn get_model_version(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path((name, version)): Path<(String, String)>,
) -> Result<Json<ModelVersion>, Problem> {
    let model = Model::from(fetch(&gateway, &context, name.clone()).await?);
    model.into_version(&version).map(Json).ok_or_else(|| {
        RequestError::NoSuchVersion {
            model: name,
            version,
        }
        .into()
    })
}
