//! What jobs need is away: they wait, do not fail, and end once it is back.

use pupila_tests::{Api, File, OwnServers, Part, Pupila, Setup, Shape, eventually, text};
use serde_json::{Value, json};

/// So many images are long enough for something to go away midway.
const MANY: usize = 60;

fn services() -> Setup {
    // A worker tells how it is three times a lease.
    Pupila::of(Shape::Services)
        .with("history.jobs.lease_seconds", 3)
        .with("history.jobs.sweep_seconds", 1)
}

async fn submit(api: &Api, steps: &Value) -> String {
    let files: Vec<_> = (0..MANY).map(File::numbered).collect();
    api.submit(steps, &files).await
}

fn sepia() -> Value {
    json!([{"operation": "sepia"}])
}

/// Waits until operators are told whom the worker waits for.
async fn until_parked_by(app: &Pupila, service: &str) {
    eventually("the worker waits", async || {
        let queue = app.get("/v1/admin/queue").await.ok();
        let [worker] = queue["workers"].as_array()?.as_slice() else {
            return None;
        };
        let names = worker["parked_by"].as_array()?;
        names.iter().any(|name| name == service).then_some(())
    })
    .await;
}

/// Checks that a job ends well, and that nothing counted as an attempt but what came of it.
async fn assert_ends_well(app: &Pupila, id: &str) {
    let job = app.ended(id).await;
    assert_eq!(job["counts"]["succeeded"], MANY, "{job}");
    let queue = app.get("/v1/admin/queue").await.ok();
    assert_eq!(queue["failures"], json!([]));
    assert_eq!(queue["dead_letters"], 0);
}

async fn waits_for(part: Part, name: &str, steps: Value) {
    let mut app = services().start().await;
    let id = submit(&app, &steps).await;
    app.job_at(&id, 1).await;
    app.program(part).kill().await;
    until_parked_by(&app, name).await;
    let job = app.job(&id).await;
    assert_eq!(job["counts"]["failed"], 0, "{job}");
    assert!(
        ["QUEUED", "RUNNING"].contains(&text(&job, "state")),
        "{job}"
    );
    app.program(part).start().await;
    assert_ends_well(&app, &id).await;
    eventually("nobody is waited for", async || {
        let queue = app.get("/v1/admin/queue").await.ok();
        (queue["workers"][0]["parked_by"] == json!([])).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_wait_for_inference() {
    waits_for(
        Part::Inference,
        "inference",
        json!([{"model": "pneumonia"}]),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_wait_for_images() {
    waits_for(Part::Images, "images", sepia()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_outlive_history() {
    let mut app = services().start().await;
    let id = submit(&app, &sepia()).await;
    for goal in [1, 20] {
        app.job_at(&id, goal).await;
        let history = app.program(Part::History);
        history.kill().await;
        history.start().await;
    }
    assert_ends_well(&app, &id).await;
    let stored = app.all_pages("/v1/images?page_size=200").await;
    assert_eq!(stored.len(), 2 * MANY, "nothing was made twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_needs_no_model_goes_on_without_inference() {
    let mut app = services().start().await;
    let classified = submit(&app, &json!([{"model": "pneumonia"}])).await;
    app.job_at(&classified, 1).await;
    app.program(Part::Inference).kill().await;
    until_parked_by(&app, "inference").await;
    let coloured = submit(&app, &sepia()).await;
    assert_ends_well(&app, &coloured).await;
    app.program(Part::Inference).start().await;
    assert_ends_well(&app, &classified).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_taken_in_without_redis_and_end_when_it_is_back() {
    let servers = OwnServers::start();
    let app = services().with_servers(&servers).start().await;
    let before = submit(&app, &sepia()).await;
    app.job_at(&before, 1).await;
    servers.stop_redis().await;
    let meanwhile = submit(&app, &sepia()).await;
    eventually("operators are told", async || {
        let queue = app.get("/v1/admin/queue").await.ok();
        (queue["queue_available"] == false).then_some(())
    })
    .await;
    let mut events = app
        .listen(&format!("/v1/jobs/{meanwhile}/events"), None)
        .await;
    servers.start_redis();
    for id in [before, meanwhile] {
        assert_ends_well(&app, &id).await;
    }
    events.next_where(|event| event.name == "end").await;
    assert_eq!(
        app.get("/v1/admin/queue").await.ok()["queue_available"],
        true
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_told_to_stop_gives_back_what_it_has() {
    let mut app = Pupila::of(Shape::Services)
        // What is not given back is nobody's for an hour.
        .with("history.jobs.lease_seconds", 3600)
        .with_workers(2)
        .start()
        .await;
    let id = submit(&app, &json!([{"model": "pneumonia"}])).await;
    app.job_at(&id, 1).await;
    assert!(app.program(Part::Worker(0)).terminate().await.success());
    assert_ends_well(&app, &id).await;
    let items = app.items(&id).await;
    assert!(items.iter().all(|item| item["attempts"] == 1), "{items:?}");
}
