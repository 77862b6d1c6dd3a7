//! `GET /v1/models/{name}`

use axum::extract::State;
use pupila_proto::inference::v1::GetModelRequest;
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    dto::model::Model,
    extract::{Caller, Json, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// One model, with the parameters that it declares
#[utoipa::path(
    get, path = "/v1/models/{name}", tag = "models", operation_id = "get_model",
    security(("bearer" = [])),
    params(("name" = String, Path, description = "The model's name", example = "pneumonia")),
    responses((status = 200, description = "The model", body = Model), Problems, NotFound),
)]
pub(crate) async fn get_model(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(name): Path<String>,
) -> Result<Json<Model>, Problem> {
    fetch(&gateway, &context, name)
        .await
        .map(|model| Json(model.into()))
}

/// One model as inference tells it.
pub(crate) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    name: String,
) -> Result<pupila_proto::inference::v1::Model, Problem> {
    let request = context.call(GetModelRequest { name }, gateway.call_timeout);
    let response = gateway.inference.clone().get_model(request).await;
    Ok(message(response)?.model.unwrap_or_default())
}
