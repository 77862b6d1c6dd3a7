//! `GET /v1/me/usage`

use axum::extract::State;
use pupila_proto::images::v1::GetUsageRequest;

use crate::{
    app::Gateway,
    dto::usage::Usage,
    extract::{Caller, Json},
    openapi::Problems,
    problem::{Problem, message},
};

/// How much the caller stores, and may
#[utoipa::path(
    get, path = "/v1/me/usage", tag = "me", operation_id = "get_usage",
    security(("bearer" = [])),
    responses((status = 200, description = "How much", body = Usage), Problems),
)]
pub(crate) async fn get_usage(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Json<Usage>, Problem> {
    let request = context.call(GetUsageRequest {}, gateway.call_timeout);
    let answer = message(gateway.images.clone().get_usage(request).await)?;
    Ok(Json(answer.usage.unwrap_or_default().into()))
}
