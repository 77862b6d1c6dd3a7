//! `POST /v1/jobs/{id}:retry`

use axum::extract::State;
use pupila_proto::history::v1::RetryJobRequest;

use crate::{
    app::Gateway,
    dto::job::Job,
    extract::{Caller, Json, Path},
    openapi::{Conflict, NotFound, Problems},
    problem::{Problem, message},
};

/// Ask again for all that failed or was cancelled
#[utoipa::path(
    post, path = "/v1/jobs/{id}/~retry", tag = "jobs", operation_id = "retry_job",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The job's id")),
    responses((status = 200, description = "The job as it is now", body = Job), Problems, NotFound, Conflict),
)]
pub(crate) async fn retry_job(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<Json<Job>, Problem> {
    let request = context.call(RetryJobRequest { id }, gateway.call_timeout);
    let answer = message(gateway.jobs.clone().retry_job(request).await)?;
    Ok(Json(answer.job.unwrap_or_default().into()))
}
