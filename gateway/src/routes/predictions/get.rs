//! `GET /v1/predictions/{id}`

use axum::{Extension, Json, extract::State};
use pupila_proto::history::v1::GetPredictionRequest;
use pupila_runtime::context::RequestContext;

use crate::{
    app::Gateway,
    dto::prediction::Prediction,
    extract::Path,
    openapi::Problems,
    problem::{Problem, message},
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
    let prediction = message(response)?.prediction.unwrap_or_default();
    Ok(Json(prediction.into()))
}
