//! Streams from end to end: how they begin, and everything that ends them.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::{StreamExt as _, stream};
use http::{Request, Response, StatusCode};
use jiff::SignedDuration;
use pupila_proto::history::v1::{
    GetJobRequest, GetJobResponse, Job, JobState, WatchJobRequest, WatchJobResponse,
    WatchJobsRequest, WatchJobsResponse,
};
use pupila_runtime::rpc::into_status;
use tokio::time::Instant;
use tonic::Status;

use crate::test_app::{Answer, NoCursor, Script, TOKEN_SECONDS, TestApp};

const OF_JOB: &str = "/v1/jobs/a/events";
const OF_ALL: &str = "/v1/events";

/// A history whose job has ended at revision 9. What comes after a cursor never ends.
fn history() -> Script {
    let job = Job {
        state: JobState::Succeeded.into(),
        revision: 9,
        ..Job::default()
    };
    let known = job.clone();
    let service = "/pupila.history.v1.JobService";
    Script::default()
        .answer(&format!("{service}/GetJob"), move |_: GetJobRequest| {
            let job = Some(known.clone());
            Ok(GetJobResponse { job })
        })
        .stream(&format!("{service}/WatchJob"), move |_: WatchJobRequest| {
            let last = WatchJobResponse {
                job: Some(job.clone()),
                items: Vec::new(),
                known_revision: 9,
            };
            stream::iter([Ok(last)]).boxed()
        })
        .stream(
            &format!("{service}/WatchJobs"),
            |request: WatchJobsRequest| {
                match request.cursor.as_str() {
                    "" => {}
                    "gone" => return stream::iter([Err(Status::unavailable("gone"))]).boxed(),
                    _ => return stream::iter([Err(into_status(NoCursor))]).boxed(),
                }
                let first = WatchJobsResponse {
                    job: None,
                    cursor: "c1".to_owned(),
                };
                stream::iter([Ok(first)]).chain(stream::pending()).boxed()
            },
        )
}

async fn listen(app: &TestApp, path: &str, last: Option<&str>) -> Response<Body> {
    let mut request = Request::get(path);
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    app.send(request.body(Body::empty()).expect("a request"))
        .await
}

/// The next piece as text; `None` at the end.
async fn next(events: &mut BodyDataStream) -> Option<String> {
    let bytes = events.next().await?.expect("a clean end");
    Some(String::from_utf8(bytes.into()).expect("text"))
}

#[tokio::test]
async fn a_stream_is_told_so_that_nobody_holds_it_back() {
    let app = TestApp::new(history());
    let response = listen(&app, OF_JOB, None).await;
    let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "text/event-stream");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-accel-buffering"), "no");
    assert!(!response.headers().contains_key("content-encoding"));
    let text = Answer::read(response).await.text;
    let begin = "retry: 2000\n\nevent: job\nid: 9\ndata: {\"job\":{";
    assert!(text.starts_with(begin), "{text}");
    let end = "event: end\nid: 9\ndata: {\"state\":\"SUCCEEDED\"}\n\n";
    assert!(text.ends_with(end), "{text}");
}

#[tokio::test]
async fn who_has_seen_the_end_of_a_job_is_told_not_to_come_again() {
    let app = TestApp::new(history());
    let status = async |last| listen(&app, OF_JOB, Some(last)).await.status();
    assert_eq!(status("9").await, StatusCode::NO_CONTENT);
    assert_eq!(status("5").await, StatusCode::OK);
    let query = listen(&app, "/v1/jobs/a/events?last_event_id=9", None).await;
    assert_eq!(query.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_is_no_id_is_refused_before_the_stream_begins() {
    let app = TestApp::new(history());
    for (path, last) in [(OF_JOB, "x"), (OF_ALL, "x")] {
        let refused = Answer::read(listen(&app, path, Some(last)).await).await;
        let told = refused.problem();
        let expected = "400 INVALID_ARGUMENT /last-event-id:";
        assert!(told.starts_with(expected), "{told}");
    }
    let refused = app.get("/v1/events?last_event_id=x").await.problem();
    let expected = "400 INVALID_ARGUMENT /last_event_id:";
    assert!(refused.starts_with(expected), "{refused}");
    let away = Answer::read(listen(&app, OF_ALL, Some("gone")).await).await;
    assert_eq!(away.headers["retry-after"], "5");
    assert!(away.problem().starts_with("503 UNAVAILABLE"), "{away:?}");
}

#[tokio::test(start_paused = true)]
async fn a_quiet_stream_shows_that_it_lives_until_the_token_ends() {
    let app = TestApp::new(history());
    let start = Instant::now();
    let mut events = listen(&app, OF_ALL, None)
        .await
        .into_body()
        .into_data_stream();
    assert_eq!(next(&mut events).await.as_deref(), Some("retry: 2000\n\n"));
    assert_eq!(next(&mut events).await.as_deref(), Some("id: c1\n\n"));
    assert_eq!(next(&mut events).await.as_deref(), Some(":\n\n"));
    assert_eq!(start.elapsed(), Duration::from_secs(15));
    while next(&mut events).await.is_some() {}
    assert_eq!(start.elapsed().as_secs(), TOKEN_SECONDS as u64);
}

#[tokio::test(start_paused = true)]
async fn who_was_shut_out_meanwhile_learns_it_with_the_end_of_the_token() {
    let app = TestApp::new(history());
    let mut events = listen(&app, OF_ALL, None)
        .await
        .into_body()
        .into_data_stream();
    while next(&mut events).await.is_some() {}
    app.clock.advance(SignedDuration::from_secs(TOKEN_SECONDS));
    let again = app.get(OF_ALL).await.problem();
    assert!(again.starts_with("401 TOKEN_EXPIRED"), "{again}");
}

#[tokio::test(start_paused = true)]
async fn a_process_that_stops_ends_its_streams() {
    let app = TestApp::new(history());
    let mut events = listen(&app, OF_ALL, None)
        .await
        .into_body()
        .into_data_stream();
    next(&mut events).await.expect("the beginning");
    app.stop.cancel();
    let start = Instant::now();
    while next(&mut events).await.is_some() {}
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn nobody_opens_more_streams_than_they_may() {
    let app = TestApp::new(history());
    let mut streams = Vec::new();
    for _ in 0..20 {
        let stream = listen(&app, OF_ALL, None).await;
        assert_eq!(stream.status(), StatusCode::OK);
        streams.push(stream);
    }
    let refused = Answer::read(listen(&app, OF_ALL, None).await).await;
    assert!(
        refused.problem().starts_with("429 TOO_MANY_STREAMS"),
        "{refused:?}"
    );
    assert_eq!(refused.headers["retry-after"], "1");
    streams.pop();
    assert_eq!(listen(&app, OF_ALL, None).await.status(), StatusCode::OK);
}
