//! `POST /v1/models/{name}:load`

use axum::extract::State;
use pupila_proto::inference::v1::LoadModelRequest;

use crate::{
    app::Gateway,
    dto::model::Model,
    extract::{Caller, Json, Path},
    openapi::{NotFound, Problems, Unprocessable},
    problem::{Problem, message},
};

/// Read a model's files again and replace what is loaded
///
/// Predictions in flight finish on the version that they began with.
#[utoipa::path(
    post, path = "/v1/models/{name}/~load", tag = "models", operation_id = "load_model",
    security(("bearer" = [])),
    params(("name" = String, Path, description = "The model's name", example = "pneumonia")),
    responses((status = 200, description = "The model; a version that could not be loaded tells why", body = Model), Problems, NotFound, Unprocessable),
)]
pub(crate) async fn load_model(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(name): Path<String>,
) -> Result<Json<Model>, Problem> {
    let request = context.call(LoadModelRequest { name }, gateway.call_timeout);
    let answer = gateway.inference.clone().load_model(request).await;
    Ok(Json(message(answer)?.model.unwrap_or_default().into()))
}
