//! `/v1/jobs`: work over many images, asked for, watched and taken home.

mod archive;
mod cancel;
mod create;
mod events;
mod get;
mod items;
mod list;
mod report;
mod retry;
mod scopes;
mod walk;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use crate::{app::Gateway, problem::Problem};

pub(crate) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        // Each file has its limit, and none is kept: together they may be of any size.
        .routes(routes!(create::create_job).layer(DefaultBodyLimit::disable()))
        .routes(routes!(list::list_jobs))
        .routes(routes!(get::get_job))
        .routes(routes!(items::list_job_items))
        .routes(routes!(cancel::cancel_job))
        .routes(routes!(retry::retry_job))
        .routes(routes!(report::get_job_report))
        .routes(routes!(archive::get_job_archive))
        .routes(routes!(events::of_job::watch_job))
        .routes(routes!(events::of_all::watch_jobs))
}

/// A problem with a part of a job: the job itself is `{id}` in the path.
fn under_path_names(problem: Problem) -> Problem {
    problem.rename_fields(|field| match field {
        "job_id" => "id".to_owned(),
        field => field.to_owned(),
    })
}
