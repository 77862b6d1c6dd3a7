//! `GET /v1/jobs/{id}`

use axum::extract::State;
use pupila_proto::history::v1::{self as proto, GetJobRequest, ListItemsRequest};
use pupila_runtime::context::RequestContext;

use super::items;
use crate::{
    app::Gateway,
    dto::job::{JobWithItems, item::JobItem},
    extract::{Caller, Json, List, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// One job, with its first items
#[utoipa::path(
    get, path = "/v1/jobs/{id}", tag = "jobs", operation_id = "get_job",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The job's id")),
    responses((status = 200, description = "The job", body = JobWithItems), Problems, NotFound),
)]
pub(crate) async fn get_job(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
) -> Result<Json<JobWithItems>, Problem> {
    let request = ListItemsRequest {
        job_id: id.clone(),
        ..ListItemsRequest::default()
    };
    // The job last: what is told of it is never older than its items.
    let page = items::fetch(&gateway, &context, request).await?;
    let list = List::at(&format!("/v1/jobs/{id}/items"));
    let job = fetch(&gateway, &context, id).await?;
    Ok(Json(JobWithItems {
        job: job.into(),
        items: page.items.into_iter().map(JobItem::from).collect(),
        next_page_token: list.seal(page.next_page_token),
    }))
}

/// One job as history tells it.
pub(super) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    id: String,
) -> Result<proto::Job, Problem> {
    let request = context.call(GetJobRequest { id }, gateway.call_timeout);
    let answer = message(gateway.jobs.clone().get_job(request).await)?;
    Ok(answer.job.unwrap_or_default())
}
