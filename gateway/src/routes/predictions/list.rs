//! `GET /v1/predictions`

use axum::extract::State;
use pupila_proto::history::v1::ListPredictionsRequest;

use super::filter::{FilterQuery, filtered};
use crate::{
    app::Gateway,
    dto::{
        page::{Listing, PageQuery},
        prediction::Prediction,
    },
    extract::{Caller, Json, List, Query},
    openapi::Problems,
    problem::Problem,
};

/// Predictions, the newest first
#[utoipa::path(
    get, path = "/v1/predictions", tag = "predictions", operation_id = "list_predictions",
    security(("bearer" = [])),
    params(FilterQuery, PageQuery),
    responses((status = 200, description = "A page of records", body = Listing<Prediction>), Problems),
)]
pub(crate) async fn list_predictions(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(filter, page): Query<FilterQuery, PageQuery>,
) -> Result<Json<Listing<Prediction>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListPredictionsRequest {
        filter: Some(filter.into()),
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let response = gateway.history.clone().list_predictions(request).await;
    let page = filtered(response)?;
    Ok(Json(Listing::new(
        page.predictions,
        page.next_page_token,
        &list,
    )))
}
