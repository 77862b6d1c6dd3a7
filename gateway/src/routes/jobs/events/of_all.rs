//! `GET /v1/events`

use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use futures_util::{Stream, stream::BoxStream};
use pupila_proto::history::v1::{WatchJobsRequest, WatchJobsResponse};
use serde::Serialize;
use tonic::Status;
use utoipa::ToSchema;

use super::{JOB, event, told};
use crate::{
    app::Gateway,
    dto::job::Job,
    event_stream::{self, LastEventId},
    extract::Caller,
    openapi::Problems,
    problem::{Problem, message},
};

/// The data of a `job` event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobsChange {
    /// The job as it is now.
    job: Job,
}

/// Watch all jobs of the caller's
///
/// Server-sent events: from now on, or from the event that `Last-Event-ID` names, each change of a job as a `job` event.
/// A change may come twice: an event whose job has no higher `revision` than the one known tells nothing new. An event
/// without data only brings an id.
///
/// The stream ends where the access token does, or the server stops: come again with the last id.
#[utoipa::path(
    get, path = "/v1/events", tag = "jobs", operation_id = "watch_jobs",
    security(("bearer" = [])),
    params(LastEventId),
    responses(
        (status = 200, description = "`job` events", content((JobsChange = "text/event-stream"))),
        Problems,
    ),
)]
pub(crate) async fn watch_jobs(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    last: LastEventId,
) -> Result<Response, Problem> {
    let cursor = last.text().to_owned();
    let request = context.stream(WatchJobsRequest { cursor });
    let changes = message(gateway.jobs.clone().watch_jobs(request).await);
    let changes = changes.map_err(|problem| match problem.is_about("cursor") {
        true => last.refused().into(),
        false => problem,
    })?;
    event_stream::answer(&gateway, &context, events(changes)).await
}

/// An event for each change, and an id for each message without one.
pub(super) fn events(
    changes: impl Stream<Item = Result<WatchJobsResponse, Status>> + Send + 'static,
) -> BoxStream<'static, Event> {
    told(changes, |change| {
        let Some(WatchJobsResponse { job, cursor }) = change else {
            return Ok(Vec::new());
        };
        let event = match job {
            Some(job) => event(JOB, &cursor, &JobsChange { job: job.into() })?,
            None => Event::default().id(cursor),
        };
        Ok(vec![event])
    })
}
