//! `GET /v1/jobs/{id}/events`

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response, sse::Event},
};
use futures_util::{Stream, stream::BoxStream};
use pupila_proto::history::v1::{WatchJobRequest, WatchJobResponse};
use serde::Serialize;
use tonic::Status;
use utoipa::ToSchema;

use super::{END, JOB, event, told};
use crate::{
    app::Gateway,
    dto::job::{Job, JobState, item::JobItem},
    event_stream::{self, LastEventId},
    extract::{Caller, Path},
    openapi::{NotFound, Problems},
    problem::{Problem, message},
    routes::jobs::get,
};

/// The data of a `job` event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobChange {
    /// The job as it is now.
    job: Job,
    /// Items that changed since the event before, by their revision. Where there are many, more events bring the others.
    items: Vec<JobItem>,
}

/// The data of the `end` event.
#[derive(Debug, Serialize)]
struct JobEnd {
    /// How the job ended.
    state: JobState,
}

/// Watch a job
///
/// Server-sent events. First the job and its items as they are, or what changed since the event that `Last-Event-ID`
/// names; then each change, as a `job` event; after the job has ended an `end` event, and the stream is closed. What
/// changes quickly may come as one event. The id of an event is a revision of the job.
///
/// The stream also ends where the access token does, or the server stops: come again with the last id. 204 says that
/// there is nothing more to come.
#[utoipa::path(
    get, path = "/v1/jobs/{id}/events", tag = "jobs", operation_id = "watch_job",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The job's id"), LastEventId),
    responses(
        (status = 200, description = "`job` events, and an `end`", content((JobChange = "text/event-stream"))),
        (status = 204, description = "The caller has seen the end of the job"),
        Problems, NotFound,
    ),
)]
pub(crate) async fn watch_job(
    State(gateway): State<Gateway>,
    Caller(context): Caller,
    Path(id): Path<String>,
    last: LastEventId,
) -> Result<Response, Problem> {
    let known_revision = last.revision()?;
    if known_revision > 0 {
        let job = Job::from(get::fetch(&gateway, &context, id.clone()).await?);
        // After an id that never was, changes up to it would be left out.
        if known_revision > job.revision {
            return Err(last.refused().into());
        }
        if job.state.has_ended() && job.revision == known_revision {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
    }
    let request = context.stream(WatchJobRequest { id, known_revision });
    let changes = message(gateway.jobs.clone().watch_job(request).await)?;
    event_stream::answer(&gateway, &context, events(changes)).await
}

/// An event for each change, and the `end` after the last one of a job that has ended.
pub(super) fn events(
    changes: impl Stream<Item = Result<WatchJobResponse, Status>> + Send + 'static,
) -> BoxStream<'static, Event> {
    let mut last = None;
    told(changes, move |change| match change {
        Some(change) => {
            let id = change.known_revision.to_string();
            let change = JobChange::from(change);
            let told = event(JOB, &id, &change)?;
            last = Some((change.job.state, id));
            Ok(vec![told])
        }
        // Where it has not ended, it is history that did.
        None => match &last {
            Some((state, id)) if state.has_ended() => {
                let end = JobEnd { state: *state };
                Ok(vec![event(END, id, &end)?])
            }
            _ => Ok(Vec::new()),
        },
    })
}

impl From<WatchJobResponse> for JobChange {
    fn from(change: WatchJobResponse) -> Self {
        Self {
            job: change.job.unwrap_or_default().into(),
            items: change.items.into_iter().map(JobItem::from).collect(),
        }
    }
}
