//! `GET /v1/jobs/{id}/archive`

mod files;
mod packed;

use axum::{extract::State, response::Response};
use http::HeaderMap;

pub(super) use self::packed::Packed;
use super::{get, report};
use crate::{
    app::Gateway,
    extract::{Caller, Path},
    openapi::{self, NotFound, Problems},
    problem::Problem,
    zip_file,
};

/// What came out of a job as a ZIP file
///
/// The images that were made, in the folders of what they were made of and under their names (`x-ray-2.jpg` where one is
/// taken), `results.csv` with a line per item that names its files, and `report.json` with the counts. Of a job that has
/// not ended, what came out so far.
///
/// It is made while it is sent, so its size is not known before. An image that was deleted is left out; one whose bytes
/// the server has lost is named in `errors.txt`. Where the server fails midway the connection breaks off.
#[utoipa::path(
    get, path = "/v1/jobs/{id}/archive", tag = "jobs", operation_id = "get_job_archive",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The job's id")),
    responses(
        (
            status = 200, description = "The images and the report",
            headers(("Content-Disposition" = String, description = "The job's name")),
            content((openapi::File = "application/zip")),
        ),
        Problems, NotFound,
    ),
)]
pub(crate) async fn get_job_archive(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let job = get::fetch(&gateway, &context, id.clone()).await?;
    let report = report::fetch(&gateway, &context, id).await?;
    let name = match job.name.as_str() {
        "" => "results.zip".to_owned(),
        name => format!("{name}.zip"),
    };
    let context = gateway.lasting(context, headers);
    let files = files::of_job(gateway, context, job, &report)?;
    zip_file::answer(&name, files).await
}

#[cfg(test)]
mod tests;
