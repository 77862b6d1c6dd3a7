//! `GET /v1/predictions`

use axum::{Extension, Json, extract::State};
use pupila_proto::history::v1::ListPredictionsRequest;
use pupila_runtime::context::RequestContext;
use serde::Deserialize;
use utoipa::IntoParams;

use super::filter::{FilterQuery, filtered};
use crate::{
    app::Gateway,
    dto::{page::Listing, prediction::Prediction},
    extract::Query,
    openapi::Problems,
    problem::Problem,
};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// At most this many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    page_size: Option<u32>,
    /// `next_page_token` of the page before.
    page_token: Option<String>,
}

/// Predictions, the newest first
#[utoipa::path(
    get, path = "/v1/predictions", tag = "predictions", operation_id = "list_predictions",
    params(FilterQuery, PageQuery),
    responses((status = 200, description = "A page of records", body = Listing<Prediction>), Problems),
)]
pub(crate) async fn list_predictions(
    State(gateway): State<Gateway>,
    Extension(context): Extension<RequestContext>,
    Query(filter, page): Query<FilterQuery, PageQuery>,
) -> Result<Json<Listing<Prediction>>, Problem> {
    let request = ListPredictionsRequest {
        filter: Some(filter.into()),
        page_size: page.page_size.unwrap_or_default(),
        page_token: page.page_token.unwrap_or_default(),
    };
    let request = context.call(request, gateway.call_timeout);
    let response = gateway.history.clone().list_predictions(request).await;
    let page = filtered(response)?;
    Ok(Json(Listing {
        items: page.predictions.into_iter().map(Prediction::from).collect(),
        next_page_token: page.next_page_token,
    }))
}
