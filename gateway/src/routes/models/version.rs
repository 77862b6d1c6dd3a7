//! `GET /v1/models/{name}/versions/{version}`

use axum::{Extension, Json, extract::State};
use pupila_runtime::context::RequestContext;

use super::get::fetch;
use crate::{
    app::Gateway,
    dto::model::{Model, ModelVersion},
    error::RequestError,
    extract::Path,
    openapi::Problems,
    problem::Problem,
};

/// One version of a model
#[utoipa::path(
    get, path = "/v1/models/{name}/versions/{version}", tag = "models", operation_id = "get_model_version",
    params(
        ("name" = String, Path, description = "The model's name", example = "pneumonia"),
        ("version" = u32, Path, description = "The version", example = 1),
    ),
    responses((status = 200, description = "The version", body = ModelVersion), Problems),
)]
pub(crate) async fn get_model_version(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
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
