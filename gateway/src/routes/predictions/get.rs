//! `GET /v1/predictions/{id}`

use axum::extract::State;
use pupila_proto::history::v1::{self as proto, GetPredictionRequest};
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    dto::prediction::Prediction,
    extract::{Caller, Json, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// One prediction
#[utoipa::path(
    get, path = "/v1/predictions/{id}", tag = "predictions", operation_id = "get_prediction",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The prediction's id")),
    responses((status = 200, description = "The record", body = Prediction), Problems, NotFound),
)]
pub(crate) async fn get_prediction(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<Json<Prediction>, Problem> {
    let prediction = fetch(&gateway, &context, id).await?;
    Ok(Json(prediction.into()))
}

/// One record as history tells it.
pub(super) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    id: String,
) -> Result<proto::Prediction, Problem> {
    let request = context.call(GetPredictionRequest { id }, gateway.call_timeout);
    let response = gateway.history.clone().get_prediction(request).await;
    Ok(message(response)?.prediction.unwrap_or_default())
}
