//! What a listener reads of what history tells.

use std::convert::Infallible;

use axum::response::{IntoResponse as _, Sse};
use http::StatusCode;
use http_body_util::BodyExt as _;
use pupila_proto::history::v1::{
    GetJobRequest, GetJobResponse, Job, JobItem, JobState, WatchJobResponse, WatchJobsRequest,
    WatchJobsResponse,
};
use pupila_runtime::rpc::into_status;
use serde_json::Value;

use super::*;
use crate::test_app::{NoCursor, Script, TestApp};

/// What is sent of the events, one text each.
async fn sent(events: impl Stream<Item = Event> + Send + 'static) -> Vec<String> {
    let response = Sse::new(events.map(Ok::<_, Infallible>)).into_response();
    let body = response.into_body().collect().await.expect("a body");
    let text = String::from_utf8(body.to_bytes().into()).expect("text");
    let events = text.split_terminator("\n\n");
    events.map(ToOwned::to_owned).collect()
}

/// The fields of an event.
fn field<'a>(event: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = event.lines().filter_map(|line| line.split_once(": "));
    fields.find_map(|(field, value)| (field == name).then_some(value))
}

fn data(event: &str) -> Value {
    let data = field(event, "data").expect("data");
    serde_json::from_str(data).expect("JSON")
}

fn job(state: JobState, revision: i64) -> Option<Job> {
    Some(Job {
        state: state.into(),
        revision,
        ..Job::default()
    })
}

fn change(state: JobState, revision: i64, known: i64) -> Result<WatchJobResponse, Status> {
    Ok(WatchJobResponse {
        job: job(state, revision),
        items: vec![JobItem::default()],
        known_revision: known,
    })
}

async fn of_job(changes: Vec<Result<WatchJobResponse, Status>>) -> Vec<String> {
    sent(of_job::events(stream::iter(changes))).await
}

#[tokio::test]
async fn each_change_is_an_event_and_the_end_is_one_too() {
    let events = of_job(vec![
        change(JobState::Running, 2, 2),
        // The end of it, in two messages.
        change(JobState::Succeeded, 9, 5),
        change(JobState::Succeeded, 9, 9),
    ])
    .await;
    let told: Vec<_> = events
        .iter()
        .map(|event| (field(event, "event"), field(event, "id")))
        .collect();
    let expected = [("job", "2"), ("job", "5"), ("job", "9"), ("end", "9")];
    assert_eq!(told, expected.map(|(name, id)| (Some(name), Some(id))));
    assert_eq!(data(&events[0])["job"]["state"], "RUNNING");
    assert_eq!(data(&events[0])["items"][0]["state"], "QUEUED");
    assert_eq!(data(&events[3]), serde_json::json!({"state": "SUCCEEDED"}));
}

#[tokio::test]
async fn where_history_goes_away_the_job_has_not_ended() {
    let gone = || Err(Status::unavailable("gone"));
    let cases = [
        vec![change(JobState::Running, 2, 2), gone()],
        // All that came was not all that there is.
        vec![change(JobState::Succeeded, 9, 5), gone()],
        vec![change(JobState::Running, 2, 2)],
    ];
    for changes in cases {
        let events = of_job(changes).await;
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(field(&events[0], "event"), Some("job"));
    }
    assert_eq!(of_job(Vec::new()).await, Vec::<String>::new());
}

#[tokio::test]
async fn of_all_jobs_a_bare_cursor_is_an_id_without_an_event() {
    let changes = [
        (None, "c1"),
        (job(JobState::Queued, 1), "c2"),
        (job(JobState::Succeeded, 5), "c3"),
    ];
    let changes = changes.map(|(job, cursor)| {
        let cursor = cursor.to_owned();
        Ok(WatchJobsResponse { job, cursor })
    });
    let events = sent(of_all::events(stream::iter(changes))).await;
    assert_eq!(events[0], "id: c1");
    assert_eq!(field(&events[1], "id"), Some("c2"));
    assert_eq!(data(&events[2])["job"]["state"], "SUCCEEDED");
    assert_eq!(events.len(), 3, "a job's end is not the end of the stream");
}

#[tokio::test]
async fn an_id_that_never_was_is_refused_in_the_words_of_the_caller() {
    let service = "/pupila.history.v1.JobService";
    let services = Script::default()
        .answer(&format!("{service}/GetJob"), |_: GetJobRequest| {
            let job = job(JobState::Succeeded, 9);
            Ok(GetJobResponse { job })
        })
        .stream(&format!("{service}/WatchJobs"), |_: WatchJobsRequest| {
            stream::iter([Err::<WatchJobsResponse, _>(into_status(NoCursor))]).boxed()
        });
    let app = TestApp::new(services);
    let told = "must be the id of an event of this stream";
    for stream in ["jobs/a/events", "events"] {
        let answer = app.get(&format!("/v1/{stream}?last_event_id=10")).await;
        let expected = format!("400 INVALID_ARGUMENT /last_event_id: {told}");
        assert_eq!(answer.problem(), expected, "{stream}");
        assert_eq!(answer.json()["detail"], told, "{stream}");
    }
    let seen = app.get("/v1/jobs/a/events?last_event_id=9").await;
    assert_eq!(seen.status, StatusCode::NO_CONTENT);
}
