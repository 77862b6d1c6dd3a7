//! Whoever listens is told what happens to jobs, wherever they listen and however often the line breaks.

use std::collections::BTreeSet;

use pupila_tests::{Api, Event, EventStream, File, Pupila, Shape, User, stories, text};
use serde_json::{Value, json};

stories!(
    a_job_is_told_until_its_end,
    whoever_comes_back_is_told_what_they_missed_and_only_that,
    all_jobs_of_a_user_are_told_and_those_of_others_are_not,
);

const FILES: usize = 12;

async fn submit(api: &Api) -> String {
    let files: Vec<_> = (0..FILES).map(File::numbered).collect();
    api.submit(&json!([{"operation": "sepia"}]), &files).await
}

fn of(id: &str) -> String {
    format!("/v1/jobs/{id}/events")
}

fn items(event: &Event) -> &[Value] {
    event.data["items"].as_array().map_or(&[], Vec::as_slice)
}

fn number(event: &Event) -> i64 {
    event.id.parse().expect("a revision")
}

/// A job that is asked for at one gateway and listened to at another, and the first event that is as wanted. More of it is to
/// come: of a job that has ended by then, as on a busy machine, another one is made.
async fn midway(asks: &Api, listens: &Api, wanted: impl Fn(&Event) -> bool) -> (String, Event) {
    loop {
        let id = submit(asks).await;
        let mut events = listens.listen(&of(&id), None).await;
        let seen = events.next_where(&wanted).await;
        if seen.data["job"]["state"] != "SUCCEEDED" {
            return (id, seen);
        }
    }
}

/// Checks what was told of a job to its end, and answers which of its items were said to be ready.
fn check(events: &[Event]) -> BTreeSet<u64> {
    let (end, told) = events.split_last().expect("events");
    assert_eq!(
        (&*end.name, &end.data),
        ("end", &json!({"state": "SUCCEEDED"}))
    );
    assert!(told.iter().all(|event| event.name == "job"), "{events:?}");
    assert!(told.is_sorted_by_key(number), "never backwards: {events:?}");
    let all = told.iter().flat_map(items);
    let ready = all.filter(|item| item["state"] == "SUCCEEDED");
    ready.filter_map(|item| item["position"].as_u64()).collect()
}

async fn a_job_is_told_until_its_end(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let id = submit(&app).await;
    let events = app.listen(&of(&id), None).await.rest().await;
    assert_eq!(check(&events).len(), FILES);
    let last = events.last().expect("an end");
    let again = app.listen(&of(&id), Some(&last.id)).await;
    assert_eq!(again.status, 204, "there is nothing more to come");
    let late = app.listen(&of(&id), None).await.rest().await;
    assert_eq!(check(&late).len(), FILES, "whoever comes late is told all");
    let nonsense = app.listen(&of(&id), Some("yesterday")).await;
    assert_eq!(nonsense.status, 400);
}

async fn whoever_comes_back_is_told_what_they_missed_and_only_that(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let some = |event: &Event| items(event).iter().any(|item| item["state"] == "SUCCEEDED");
    let (id, seen) = midway(&app, &app, some).await;
    app.ended(&id).await;
    let missed = app.listen(&of(&id), Some(&seen.id)).await.rest().await;
    check(&missed);
    let revisions = missed
        .iter()
        .flat_map(items)
        .map(|item| item["revision"].as_i64());
    assert!(
        revisions
            .into_iter()
            .all(|revision| revision > Some(number(&seen))),
        "{missed:?}"
    );
}

async fn all_jobs_of_a_user_are_told_and_those_of_others_are_not(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let (ana, luis) = (
        User::register(&app, "ana").await,
        User::register(&app, "luis").await,
    );
    let mut events = ana.listen("/v1/events", None).await;
    let theirs = submit(&luis).await;
    let before = submit(&ana).await;
    let before = until_ready(&mut events, &ana, &before).await;
    let first = submit(&ana).await;
    let told = until_ready(&mut events, &ana, &first).await;
    drop(events);

    luis.ended(&theirs).await;
    let second = submit(&ana).await;
    ana.ended(&second).await;
    for (last, id) in [(told, second), (before, first)] {
        let mut events = ana.listen("/v1/events", Some(&last.id)).await;
        until_ready(&mut events, &ana, &id).await;
    }
    let nonsense = ana.listen("/v1/events", Some("yesterday")).await;
    assert_eq!(nonsense.status, 400);
}

/// Reads until that job is ready; all that is told is its owner's.
async fn until_ready(events: &mut EventStream, owner: &User, id: &str) -> Event {
    loop {
        let event = events.next().await.expect("more is told");
        let job = &event.data["job"];
        assert_eq!(text(job, "owner"), owner.id);
        if job["id"] == *id && job["state"] == "SUCCEEDED" {
            return event;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_does_not_matter_at_which_gateway_one_listens() {
    let app = Pupila::of(Shape::Services).with_twins().start().await;
    let gateways = [Api::clone(&app), app.twin()];
    for (here, there) in [(0, 1), (1, 0)] {
        let (here, there) = (&gateways[here], &gateways[there]);
        let mut all = there.listen("/v1/events", None).await;
        let (id, seen) = midway(here, there, |_| true).await;
        // The line breaks, and whoever comes back is led to the other one.
        let rest = here.listen(&of(&id), Some(&seen.id)).await.rest().await;
        let events: Vec<_> = std::iter::once(seen).chain(rest).collect();
        assert_eq!(check(&events).len(), FILES);
        all.next_where(|event| {
            let job = &event.data["job"];
            job["id"] == *id && text(job, "state") == "SUCCEEDED"
        })
        .await;
    }
}
