//! `GET /v1/admin/queue`

use axum::extract::State;
use pupila_proto::history::v1::GetQueueRequest;

use crate::{
    app::Gateway,
    dto::queue::Queue,
    extract::{Caller, Json},
    openapi::Problems,
    problem::{Problem, message},
};

/// The load: what waits, runs and fails, and who works
#[utoipa::path(
    get, path = "/v1/admin/queue", tag = "admin", operation_id = "get_queue",
    security(("bearer" = [])),
    responses((status = 200, description = "The load", body = Queue), Problems),
)]
pub(crate) async fn get_queue(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
) -> Result<Json<Queue>, Problem> {
    let request = context.call(GetQueueRequest {}, gateway.call_timeout);
    let queue = message(gateway.jobs.clone().get_queue(request).await)?;
    Ok(Json(queue.into()))
}
