//! `GET /v1/predictions/{id}`

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use pupila_proto::history::v1::GetPredictionRequest;
use pupila_runtime::{context::RequestContext, rpc::RpcError};

use crate::{
    app::Gateway,
    dto::prediction::Prediction,
    openapi::Problems,
    problem::{Problem, from_rpc},
};

/// One prediction
#[utoipa::path(
    get, path = "/v1/predictions/{id}", tag = "predictions", operation_id = "get_prediction",
    params(("id" = uuid::Uuid, Path, description = "The prediction's id")),
    responses((status = 200, description = "The record", body = Prediction), Problems),
)]
pub(crate) async fn get_prediction(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
    Path(id): Path<String>,
) -> Result<Json<Prediction>, Problem> {
    let request = context.call(GetPredictionRequest { id }, gateway.call_timeout);
    let response = gateway.history.clone().get_prediction(request).await;
    let response = response.map_err(RpcError::from).map_err(from_rpc)?;
    let prediction = response.into_inner().prediction.unwrap_or_default();
    Ok(Json(prediction.into()))
}
