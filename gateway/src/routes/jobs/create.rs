//! `POST /v1/jobs`

mod foreign_archive;
mod form;
mod order;
mod plan;
mod selection;
mod step;
mod submission;

use axum::extract::State;
use http::HeaderMap;

use self::{
    form::JobForm,
    order::{JobOrder, Order},
    submission::Submission,
};
use crate::{
    app::Gateway,
    dto::job::Job,
    extract::{Caller, IdempotencyKey, Json},
    openapi::{BadFile, Conflict, NotFound, Problems},
    problem::Problem,
    response::Created,
};

/// Ask for work over many images
///
/// Over stored images or an album (JSON), or over files that are sent along (a form): images, or one ZIP of images. In a
/// form everything else comes before the files, so that nothing is stored for steps that cannot be. A file that is
/// refused is an item that failed; where all are, the first problem is the answer and there is no job.
///
/// An `Idempotency-Key` holds for the job and for each image at its place in the form.
#[utoipa::path(
    post, path = "/v1/jobs", tag = "jobs", operation_id = "create_job",
    security(("bearer" = [])),
    params(IdempotencyKey),
    request_body(content(
        (JobOrder = "application/json"),
        (JobForm = "multipart/form-data"),
    )),
    responses(
        (
            status = 201, description = "The job", body = Job,
            headers(("Location" = String, description = "Where it is")),
        ),
        Problems, NotFound, Conflict, BadFile,
    ),
)]
pub(crate) async fn create_job(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    key: IdempotencyKey,
    headers: HeaderMap,
    order: Order,
) -> Result<Created<Json<Job>>, Problem> {
    let submission = Submission {
        context: gateway.lasting(context, headers),
        gateway,
        key,
    };
    let job: Job = match order {
        Order::Stored(order) => submission.of_stored(order).await?,
        Order::Form(form) => submission.of_form(form).await?,
    }
    .into();
    Ok(Created(format!("/v1/jobs/{}", job.id), Json(job)))
}

#[cfg(test)]
mod tests;
