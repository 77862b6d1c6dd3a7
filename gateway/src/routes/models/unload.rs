//! `POST /v1/models/{name}:unload`

use axum::extract::State;
use pupila_proto::inference::v1::UnloadModelRequest;

use crate::{
    app::Gateway,
    dto::model::Model,
    extract::{Caller, Json, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// Take a model out of memory
#[utoipa::path(
    post, path = "/v1/models/{name}/~unload", tag = "models", operation_id = "unload_model",
    security(("bearer" = [])),
    params(("name" = String, Path, description = "The model's name", example = "pneumonia")),
    responses((status = 200, description = "The model", body = Model), Problems, NotFound),
)]
pub(crate) async fn unload_model(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(name): Path<String>,
) -> Result<Json<Model>, Problem> {
    let request = context.call(UnloadModelRequest { name }, gateway.call_timeout);
    let answer = gateway.inference.clone().unload_model(request).await;
    Ok(Json(message(answer)?.model.unwrap_or_default().into()))
}
