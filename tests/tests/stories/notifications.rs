//! People are told that a job ended, as they chose.

mod browsers;
mod letters;
mod programs;
// What the worker's own stories receive messages with.
#[path = "../../../services/worker/src/notify/tests/web_server.rs"]
#[expect(dead_code, reason = "nobody is busy here")]
mod web_server;

use pupila_tests::{Api, File, Pupila, Shape, User, eventually, stories, text};
use serde_json::{Value, json};

use self::web_server::{Asked, WebServer};

stories!(the_application_keeps_a_list);

/// Waits until so many requests came.
async fn asked(server: &WebServer, count: usize) -> Vec<Asked> {
    eventually("somebody calls", async || {
        let asked = server.asked();
        (asked.len() >= count).then_some(asked)
    })
    .await
}

/// Does a job of that name to its end.
async fn work(api: &Api, name: &str) -> String {
    let steps = json!([{"model": "pneumonia"}]);
    let fields = [("name", name)];
    let answer = api
        .send(api.job_form(&steps, &fields, &[File::x_ray_of_pneumonia()]))
        .await;
    let id = text(&answer.ok(), "id").to_owned();
    api.ended(&id).await;
    id
}

/// Waits until the list has so many entries.
async fn list(api: &Api, count: usize) -> Vec<Value> {
    eventually("the list has them", async || {
        let list = api.all_pages("/v1/notifications").await;
        (list.len() >= count).then_some(list)
    })
    .await
}

async fn want(user: &User, wanted: Value) {
    user.patch_json("/v1/me/notifications", &wanted).await.ok();
}

async fn the_application_keeps_a_list(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let (ana, luis) = (
        User::register(&app, "ana").await,
        User::register(&app, "luis").await,
    );
    let silent = json!([{"operation": "sepia"}]);
    let silent = ana.job_form(&silent, &[("silent", "true")], &[File::numbered(1)]);
    let silent = text(&ana.send(silent).await.ok(), "id").to_owned();
    ana.ended(&silent).await;
    let id = work(&ana, "Ward 7").await;
    let notification = list(&ana, 1).await.remove(0);
    assert_eq!(notification["read"], false);
    let job = &notification["job"];
    assert_eq!(
        (&job["job_id"], &job["name"]),
        (&json!(id), &json!("Ward 7"))
    );
    assert_eq!(
        (&job["state"], &job["succeeded"]),
        (&json!("SUCCEEDED"), &json!(1))
    );
    assert_eq!(job["failure"], Value::Null);

    let unread = async || ana.get("/v1/notifications?unread=true").await.ok();
    assert_eq!(unread().await["unread_count"], 1);
    ana.post_json(
        "/v1/notifications:read",
        &json!({"up_to": notification["id"]}),
    )
    .await;
    assert_eq!(unread().await["items"], json!([]));
    assert_eq!(luis.all_pages("/v1/notifications").await, [] as [Value; 0]);

    want(&ana, json!({"only_failures": true})).await;
    work(&ana, "Ward 8").await;
    let files = [File::x_ray(), File::corrupt_png()];
    let failed = ana.submit(&json!([{"operation": "sepia"}]), &files).await;
    let told = list(&ana, 2).await;
    assert_eq!(
        told[0]["job"]["job_id"], *failed,
        "and not Ward 8: {told:?}"
    );
    assert_eq!(told[0]["job"]["failed"], 1);

    let no_zip = [File::new("a.zip", "PK\x03\x04 and nothing more")];
    let broken = ana.submit(&json!([{"operation": "sepia"}]), &no_zip).await;
    let broken = ana.ended(&broken).await;
    let told = list(&ana, 3).await;
    let job = &told[0]["job"];
    assert_eq!(
        (&job["job_id"], &job["failure"]),
        (&broken["id"], &broken["failure"])
    );
    assert_eq!(job["failure"]["code"], "ARCHIVE_UNREADABLE");
}
