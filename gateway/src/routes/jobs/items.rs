//! `GET /v1/jobs/{id}/items`

use axum::extract::State;
use pupila_proto::history::v1::{ListItemsRequest, ListItemsResponse};
use pupila_runtime::context::RequestContext;

use super::{list::StateQuery, under_path_names};
use crate::{
    app::Gateway,
    dto::{
        job::{JobState, item::JobItem},
        page::{Listing, PageQuery},
    },
    extract::{Caller, Json, Path, Query},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
};

/// The items of a job, by position
#[utoipa::path(
    get, path = "/v1/jobs/{id}/items", tag = "jobs", operation_id = "list_job_items",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The job's id"), StateQuery, PageQuery),
    responses((status = 200, description = "A page of items", body = Listing<JobItem>), Problems, NotFound),
)]
pub(crate) async fn list_job_items(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(job_id): Path<String>,
    Query(StateQuery { state }, page): Query<StateQuery, PageQuery>,
) -> Result<Json<Listing<JobItem>>, Problem> {
    let (page_size, page_token) = page.into_parts();
    let request = ListItemsRequest {
        job_id,
        state: state.map(JobState::number),
        page_size,
        page_token,
    };
    let page = fetch(&gateway, &context, request).await?;
    Ok(Json(Listing::new(page.items, page.next_page_token)))
}

/// A page of items as history tells it.
pub(super) async fn fetch(
    gateway: &Gateway,
    context: &RequestContext,
    request: ListItemsRequest,
) -> Result<ListItemsResponse, Problem> {
    let request = context.call(request, gateway.call_timeout);
    let page = message(gateway.jobs.clone().list_items(request).await);
    page.map_err(under_path_names)
}
