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
    extract::{Caller, Json, List, Path, Query},
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
    list: List,
    Query(StateQuery { state }, page): Query<StateQuery, PageQuery>,
) -> Result<Json<Listing<JobItem>>, Problem> {
    let (page_size, page_token) = page.of(&list)?;
    let request = ListItemsRequest {
        job_id,
        state: state.map(JobState::number),
        page_size,
        page_token,
    };
    let page = fetch(&gateway, &context, request).await?;
    Ok(Json(Listing::new(page.items, page.next_page_token, &list)))
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

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use pupila_proto::history::v1::{GetJobRequest, GetJobResponse, Job};

    use super::*;
    use crate::test_app::{Script, TestApp};

    /// Jobs whose items fill two pages: `next` is history's token for the second.
    fn services() -> Script {
        let service = "/pupila.history.v1.JobService";
        let get_job = |request: GetJobRequest| {
            // However the caller writes it.
            let id = request.id.to_lowercase();
            let job = Some(Job {
                id,
                ..Job::default()
            });
            Ok(GetJobResponse { job })
        };
        let list_items = |request: ListItemsRequest| {
            let next_page_token = match request.page_token.as_str() {
                "" => "next".to_owned(),
                "next" => String::new(),
                other => panic!("a token that is not history's: {other}"),
            };
            Ok(ListItemsResponse {
                next_page_token,
                ..ListItemsResponse::default()
            })
        };
        Script::default()
            .answer(&format!("{service}/GetJob"), get_job)
            .answer(&format!("{service}/ListItems"), list_items)
    }

    #[tokio::test]
    async fn the_items_of_a_job_go_on_however_its_id_is_written() {
        let app = TestApp::new(services());
        let page = app.get("/v1/jobs/A").await.json();
        let token = page["next_page_token"].as_str().expect("a token");
        let next = format!("/v1/jobs/A/items?page_token={token}");
        assert_eq!(app.get(&next).await.status, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_page_token_leads_on_in_its_own_list_only() {
        let app = TestApp::new(services());
        for first in [
            "/v1/jobs/a",
            "/v1/jobs/a/items",
            "/v1/jobs/a/items?page_size=7",
        ] {
            let page = app.get(first).await.json();
            let token = page["next_page_token"].as_str().expect("a token");
            let next = format!("/v1/jobs/a/items?page_token={token}");
            let next = app.get(&next).await.json();
            assert_eq!(next["next_page_token"], "", "{first}");
            for other in [
                "jobs/b/items?",
                "jobs/a/items?state=FAILED&",
                "jobs?",
                "images?",
            ] {
                let told = app.get(&format!("/v1/{other}page_token={token}")).await;
                let expected = "400 INVALID_ARGUMENT /page_token: page_token was not given by an earlier answer";
                assert_eq!(told.problem(), expected, "{other}");
            }
        }
    }
}
