//! Jobs that are called off, and jobs whose workers die: nothing is lost, and nothing is there twice.

use std::collections::BTreeSet;

use pupila_tests::{Api, File, Part, Pupila, Shape, User, eventually, stories, text};
use serde_json::{Value, json};

stories!(
    a_job_is_called_off_midway_and_done_again,
    a_job_survives_a_crash_and_its_results_are_there_once,
    who_leaves_midway_leaves_nothing_behind,
);

/// So many images of one job are long enough to step in midway.
const MANY: usize = 60;

fn resize() -> Value {
    json!([{"operation": "resize", "parameters": {"width": 100}}])
}

/// The ids of the images or predictions that came out of items.
fn results(items: &[Value], kind: &str) -> BTreeSet<String> {
    let field = format!("{kind}_id");
    let results = items
        .iter()
        .flat_map(|item| item["results"].as_array().into_iter().flatten());
    results
        .filter(|result| result[kind].is_object())
        .map(|result| text(&result[kind], &field).to_owned())
        .collect()
}

async fn store_many(api: &Api) -> Vec<String> {
    let files: Vec<_> = (0..MANY).map(File::numbered).collect();
    let stored = api.send(api.upload_many("/v1/images", &files)).await.ok();
    let items = stored["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| text(&item["image"], "id").to_owned())
        .collect()
}

async fn a_job_is_called_off_midway_and_done_again(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let images = store_many(&app).await;
    let ids: Vec<_> = images.iter().map(String::as_str).collect();
    let id = app.submit_stored(&resize(), &ids).await;
    app.job_at(&id, 1).await;
    let called_off = app.post(&format!("/v1/jobs/{id}:cancel")).await.ok();
    assert_eq!(called_off["state"], "CANCELLED", "{called_off}");
    let counts = &called_off["counts"];
    assert_eq!(
        (&counts["queued"], &counts["running"]),
        (&json!(0), &json!(0))
    );
    let left = counts["cancelled"].as_u64().expect("a number");
    assert!(left > 0, "it was midway: {called_off}");
    let again = app.post(&format!("/v1/jobs/{id}:cancel")).await.ok();
    assert_eq!(
        again["revision"], called_off["revision"],
        "nothing more happens"
    );

    app.post(&format!("/v1/jobs/{id}:retry")).await.ok();
    let job = app.ended(&id).await;
    assert_eq!(job["state"], "SUCCEEDED", "{job}");
    assert_eq!(job["counts"]["succeeded"], MANY);
    let made = results(&app.items(&id).await, "image");
    let stored = app.all_pages("/v1/images?page_size=200").await;
    assert_eq!(
        (made.len(), stored.len()),
        (MANY, 2 * MANY),
        "nothing was made twice"
    );
    let refused = app.post(&format!("/v1/jobs/{id}:retry")).await;
    assert_alike!(refused.problem().replace(&id, "its id"), @r"
    409 Conflict NOTHING_TO_RETRY
    job `its id` has nothing to do again
    ");
    let refused = app.post(&format!("/v1/jobs/{id}:cancel")).await;
    assert_alike!(refused.problem().replace(&id, "its id"), @r"
    409 Conflict JOB_ENDED
    job `its id` has ended
    ");
}

async fn a_job_survives_a_crash_and_its_results_are_there_once(shape: Shape) {
    let lease = match shape {
        // One process knows that nobody else has what it held, and does not wait.
        Shape::Standalone => 3600,
        Shape::Services => 3,
    };
    let mut app = Pupila::of(shape)
        .with("history.jobs.lease_seconds", lease)
        .with("history.jobs.sweep_seconds", 1)
        .start()
        .await;
    let images = store_many(&app).await;
    let ids: Vec<_> = images.iter().map(String::as_str).collect();
    let steps = json!([resize()[0], {"model": "pneumonia"}]);
    let id = app.submit_stored(&steps, &ids).await;
    for goal in [5, 20] {
        app.job_at(&id, goal).await;
        let worker = app.program(Part::Worker(0));
        worker.kill().await;
        worker.start().await;
    }
    let job = app.ended(&id).await;
    assert_eq!(job["counts"]["succeeded"], MANY, "{job}");
    let items = app.items(&id).await;
    assert!(
        items.iter().any(|item| item["attempts"] != 1),
        "it held some"
    );
    let stored = app.all_pages("/v1/images?page_size=200").await;
    assert_eq!(
        (results(&items, "image").len(), stored.len()),
        (MANY, 2 * MANY)
    );
    let recorded = app.all_pages("/v1/predictions?page_size=200").await;
    assert_eq!(
        (results(&items, "prediction").len(), recorded.len()),
        (MANY, MANY)
    );
}

async fn who_leaves_midway_leaves_nothing_behind(shape: Shape) {
    let setup = Pupila::of(shape).with_accounts();
    let app = setup.with("images.sweep.grace_seconds", 0).start().await;
    let root = User::register(&app, "root").await;
    let ana = User::register(&app, "ana").await;
    let images = store_many(&ana).await;
    let ids: Vec<_> = images.iter().map(String::as_str).collect();
    let id = ana.submit_stored(&resize(), &ids).await;
    ana.job_at(&id, 1).await;
    let password = json!({"password": User::PASSWORD});
    let left = ana.delete_json("/v1/me", &password).await;
    assert_eq!(left.status, 202, "{}", left.text());
    eventually("nothing is left to do", async || {
        let queue = root.get("/v1/admin/queue").await.ok();
        let lanes = queue["lanes"].as_array()?;
        let is_idle = |lane: &Value| {
            ["waiting", "delayed", "running"]
                .iter()
                .all(|field| lane[field] == 0)
        };
        lanes.iter().all(is_idle).then_some(())
    })
    .await;
    eventually("nothing is stored", async || {
        let sweep = root.post("/v1/admin/storage:sweep").await.ok();
        (sweep["objects_seen"] == 0).then_some(())
    })
    .await;
}
