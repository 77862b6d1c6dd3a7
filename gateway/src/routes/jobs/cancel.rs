//! `POST /v1/jobs/{id}:cancel`

use axum::extract::State;
use pupila_proto::history::v1::CancelJobRequest;

use crate::{
    app::Gateway,
    dto::job::Job,
    extract::{Caller, Json, Path},
    openapi::{Conflict, NotFound, Problems},
    problem::{Problem, message},
};

/// Call a job off
///
/// What waits is cancelled at once, and what is worked on as soon as its worker hears of it. What came out before stays.
#[utoipa::path(
    post, path = "/v1/jobs/{id}/~cancel", tag = "jobs", operation_id = "cancel_job",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The job's id")),
    responses((status = 200, description = "The job as it is now", body = Job), Problems, NotFound, Conflict),
)]
pub(crate) async fn cancel_job(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    let request = context.call(CancelJobRequest { id }, gateway.call_timeout);
    let answer = message(gateway.jobs.clone().cancel_job(request).await)?;
    Ok(Json(answer.job.unwrap_or_default().into()))
}
