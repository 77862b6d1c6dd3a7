//! `POST /v1/jobs/{id}:retry`

use axum::extract::State;
use pupila_proto::history::v1::RetryJobRequest;

use super::{get, scopes};
use crate::{
    app::Gateway,
    dto::job::Job,
    extract::{Caller, Json, Path},
    openapi::{Conflict, NotFound, Problems},
    problem::{Problem, message},
};

/// Ask again for all that failed or was cancelled
///
/// A key needs the scopes that the steps needed when the job was made. One without `images:write` or `predictions:write`
/// needs `jobs:read` too.
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
    if !scopes::hold_all(&gateway, &context).await? {
        let job = get::fetch(&gateway, &context, id.clone()).await?;
        scopes::require(&gateway, &context, &job.steps).await?;
    }
    let request = context.call(RetryJobRequest { id }, gateway.call_timeout);
    let answer = message(gateway.jobs.clone().retry_job(request).await)?;
    Ok(Json(answer.job.unwrap_or_default().into()))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use pupila_core::Scope;
    use pupila_proto::history::v1::{
        GetJobRequest, GetJobResponse, Job, ModelStep, OperationStep, RetryJobRequest,
        RetryJobResponse, Step, step::Kind,
    };

    use crate::test_app::{Script, TestApp};

    const JOBS: [Scope; 2] = [Scope::JobsRead, Scope::JobsWrite];

    /// Asks again for the job `resized`, which has an operation, or for another, which has a model.
    async fn retry(id: &str, scopes: &[Scope]) -> String {
        let services = Script::default()
            .answer(
                "/pupila.history.v1.JobService/GetJob",
                |request: GetJobRequest| {
                    let kind = match request.id.as_str() {
                        "resized" => Kind::Operation(OperationStep::default()),
                        _ => Kind::Model(ModelStep::default()),
                    };
                    let job = Job {
                        steps: vec![Step { kind: Some(kind) }],
                        ..Job::default()
                    };
                    Ok(GetJobResponse { job: Some(job) })
                },
            )
            .answer(
                "/pupila.history.v1.JobService/RetryJob",
                |_: RetryJobRequest| Ok(RetryJobResponse::default()),
            );
        let app = TestApp::with_scopes(services, &[&JOBS, scopes].concat());
        let path = format!("/v1/jobs/{id}:retry");
        let answer = app.json(Method::POST, &path, "").await;
        match answer.status.is_success() {
            true => "done".to_owned(),
            false => answer.problem(),
        }
    }

    #[tokio::test]
    async fn what_is_done_again_needs_the_scopes_that_it_needed_first() {
        let (images, predictions) = (Scope::ImagesWrite, Scope::PredictionsWrite);
        for (id, scopes, expected) in [
            ("resized", &[images][..], "done"),
            ("judged", &[predictions][..], "done"),
            ("judged", &[images, predictions][..], "done"),
            ("resized", &[predictions][..], "403 SCOPE_MISSING"),
            ("judged", &[images][..], "403 SCOPE_MISSING"),
        ] {
            let told = retry(id, scopes).await;
            assert!(told.starts_with(expected), "{id} {scopes:?}: {told}");
        }
    }
}
