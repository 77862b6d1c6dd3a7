//! `GET /v1/predictions:stats`

use axum::extract::State;
use pupila_proto::history::v1::GetStatisticsRequest;

use super::filter::{FilterQuery, filtered};
use crate::{
    app::Gateway,
    dto::statistics::Statistics,
    extract::{Caller, Json, Query},
    openapi::Problems,
    problem::Problem,
};

/// How many predictions, per model, label and day
#[utoipa::path(
    get, path = "/v1/predictions:stats", tag = "predictions", operation_id = "get_statistics",
    security(("bearer" = [])),
    params(FilterQuery),
    responses((status = 200, description = "The counts", body = Statistics), Problems),
)]
pub(crate) async fn get_statistics(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Query(filter, _): Query<FilterQuery>,
) -> Result<Json<Statistics>, Problem> {
    let request = GetStatisticsRequest {
        filter: Some(filter.into()),
    };
    let request = context.call(request, gateway.call_timeout);
    let response = gateway.history.clone().get_statistics(request).await;
    Ok(Json(filtered(response)?.into()))
}
