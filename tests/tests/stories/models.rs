//! Models of one's own, dropped into the repository of a product that runs.

use pupila_tests::{File, Load, Part, Pupila, Shape, stories};
use serde_json::Value;

stories!(
    a_new_model_is_served_once_it_is_loaded,
    a_new_version_is_served_once_it_is_loaded,
    a_damaged_version_fails_alone,
    an_unloaded_model_is_refused_until_it_is_loaded,
    a_reload_under_load_fails_no_request,
);

async fn first_only(shape: Shape) -> Pupila {
    Pupila::of(shape)
        .with_models(|models| models.add("first", &[1]))
        .start()
        .await
}

async fn predict(app: &Pupila, model: &str) -> u16 {
    let request = app.upload(&format!("/predict?model={model}"), &File::x_ray(), &[]);
    app.send(request).await.status
}

/// The states of a model's versions, the newest first.
fn states(model: &Value) -> Vec<&str> {
    let versions = model["versions"].as_array().expect("versions");
    versions
        .iter()
        .map(|version| version["state"].as_str().expect("a state"))
        .collect()
}

async fn a_new_model_is_served_once_it_is_loaded(shape: Shape) {
    let app = first_only(shape).await;
    app.models.add("second", &[1]);
    assert_eq!(predict(&app, "second").await, 404);
    assert_eq!(
        states(&app.post("/v1/models/second:load").await.ok()),
        ["READY"]
    );
    assert_eq!(predict(&app, "second").await, 200);
    let names = app.get("/v1/models").await.ok();
    let names = names["items"]
        .as_array()
        .expect("models")
        .iter()
        .map(|model| model["name"].clone());
    assert_eq!(names.collect::<Vec<_>>(), ["first", "pneumonia", "second"]);
}

async fn a_new_version_is_served_once_it_is_loaded(shape: Shape) {
    let app = first_only(shape).await;
    app.models.add("first", &[1, 2]);
    assert_eq!(
        states(&app.post("/v1/models/first:load").await.ok()),
        ["READY", "READY"]
    );
    let newest = app
        .send(app.upload("/predict?detail=true&model=first", &File::x_ray(), &[]))
        .await;
    assert_eq!(newest.ok()["detail"]["version"], 2);
}

async fn a_damaged_version_fails_alone(shape: Shape) {
    let app = first_only(shape).await;
    app.models.add("first", &[1, 2]);
    app.models.damage("first", 2);
    let model = app.post("/v1/models/first:load").await.ok();
    assert_eq!(states(&model), ["FAILED", "READY"]);
    let failure = model["versions"][0]["failure"].as_str().expect("a reason");
    assert!(failure.contains("SHA-256"), "{failure}");
    assert_eq!(predict(&app, "first&version=1").await, 200);
    assert_eq!(predict(&app, "first&version=2").await, 503);
    assert_eq!(predict(&app, "pneumonia").await, 200);
}

async fn an_unloaded_model_is_refused_until_it_is_loaded(shape: Shape) {
    let app = first_only(shape).await;
    assert_eq!(
        states(&app.post("/v1/models/first:unload").await.ok()),
        ["UNLOADED"]
    );
    assert_eq!(predict(&app, "first").await, 503);
    assert_eq!(predict(&app, "pneumonia").await, 200);
    app.post("/v1/models/first:load").await.ok();
    assert_eq!(predict(&app, "first").await, 200);
}

async fn a_reload_under_load_fails_no_request(shape: Shape) {
    let app = first_only(shape).await;
    let mut load = Load::start(&app, 4);
    for _ in 0..5 {
        let (_, reload) = tokio::join!(load.answers(8), app.post("/v1/models/pneumonia:load"));
        assert_eq!(states(&reload.ok()), ["READY"]);
    }
}

/// The folder that a first start makes for models of one's own is looked into from then on.
#[tokio::test]
async fn a_model_dropped_into_the_folder_of_a_first_start_is_served() {
    let mut app = Pupila::of(Shape::Standalone).start().await;
    assert!(app.models.path().is_dir());
    app.program(Part::Gateway).terminate().await;
    app.program(Part::Gateway).start().await;
    app.models.add("second", &[1]);
    app.post("/v1/models/second:load").await.ok();
    assert_eq!(predict(&app, "second").await, 200);
}
