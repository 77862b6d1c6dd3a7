//! `GET /v1/jobs`

use axum::extract::State;
use pupila_proto::history::v1::ListJobsRequest;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    app::Gateway,
    dto::{
        job::{Job, JobState},
        page::{Listing, PageQuery},
    },
    extract::{Caller, Json, List, Query},
    openapi::Problems,
    problem::{Problem, message},
};

/// Which jobs, or which items of a job.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StateQuery {
    /// Only those in this state.
    pub(super) state: Option<JobState>,
}

/// The caller's jobs, the newest first
#[utoipa::path(
    get, path = "/v1/jobs", tag = "jobs", operation_id = "list_jobs",
    security(("bearer" = [])),
    params(StateQuery, PageQuery),
    responses((status = 200, description = "A page of jobs", body = Listing<Job>), Problems),
)]
pub(crate) async fn list_jobs(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    list: List,
    Query(StateQuery { state }, page): Query<StateQuery, PageQuery>,
) -> Result<Json<Listing<Job>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListJobsRequest {
        state: state.map(JobState::number),
        page_size,
        page_token,
    };
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.jobs.clone().list_jobs(request).await)?;
    Ok(Json(Listing::new(page.jobs, page.next_page_token, &list)))
}
