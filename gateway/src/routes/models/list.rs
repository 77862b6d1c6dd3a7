//! `GET /v1/models`

use axum::extract::State;
use pupila_proto::inference::v1::ListModelsRequest;

use crate::{
    app::Gateway,
    dto::{model::Model, page::Listing},
    extract::{Caller, Json},
    openapi::Problems,
    problem::{Problem, message},
};

/// Every model
///
/// There are few, so all of them come on one page.
#[utoipa::path(
    get, path = "/v1/models", tag = "models", operation_id = "list_models",
    security(("bearer" = [])),
    responses((status = 200, description = "The models, by name", body = Listing<Model>), Problems),
)]
pub(crate) async fn list_models(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Json<Listing<Model>>, Problem> {
    let request = context.call(ListModelsRequest {}, gateway.call_timeout);
    let response = gateway.inference.clone().list_models(request).await;
    let models = message(response)?.models;
    Ok(Json(Listing::whole(models)))
}
