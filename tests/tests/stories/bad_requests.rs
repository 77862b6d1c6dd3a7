//! Questions that cannot be answered, and what they get.

use pupila_tests::{Api, File, Pupila, Shape, stories};
use reqwest::Method;

stories!(
    an_unknown_model_version_or_parameter_is_named,
    a_parameter_out_of_its_range_is_told_the_range,
    ten_thousand_parameters_get_a_short_answer,
    a_field_sent_twice_is_refused,
    a_list_that_cannot_be_had_is_explained,
    an_address_that_is_wrong_is_explained,
    every_answer_names_its_request,
);

async fn predict(app: &Api, query: &str) -> String {
    let request = app.upload(&format!("/predict?{query}"), &File::x_ray(), &[]);
    app.send(request).await.problem()
}

async fn create(app: &Api, fields: &[(&str, &str)]) -> String {
    let request = app.upload("/v1/predictions", &File::x_ray(), fields);
    app.send(request).await.problem()
}

async fn get(app: &Api, path: &str) -> String {
    app.get(path).await.problem()
}

async fn an_unknown_model_version_or_parameter_is_named(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(predict(&app, "model=cats").await, @"");
    assert_alike!(predict(&app, "model=../../etc/passwd").await, @"");
    assert_alike!(predict(&app, "version=7").await, @"");
    assert_alike!(predict(&app, "version=newest").await, @"");
    assert_alike!(predict(&app, "treshold=0.5").await, @"");
    assert_alike!(predict(&app, "detail=yes").await, @"");
    assert_alike!(create(&app, &[("modell", "x")]).await, @"");
    assert_alike!(get(&app, "/v1/models/cats").await, @"");
    assert_alike!(get(&app, "/v1/models/pneumonia/versions/7").await, @"");
}

async fn a_parameter_out_of_its_range_is_told_the_range(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(predict(&app, "threshold=1.5").await, @"");
    assert_alike!(predict(&app, "threshold=NaN").await, @"");
    assert_alike!(predict(&app, "threshold=high").await, @"");
    assert_alike!(create(&app, &[("parameters", r#"{"threshold": -1}"#)]).await, @"");
    assert_alike!(create(&app, &[("parameters", r#"{"threshold": [0.5]}"#)]).await, @"");
    assert_alike!(create(&app, &[("parameters", "threshold=0.5")]).await, @"");
}

async fn ten_thousand_parameters_get_a_short_answer(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let names = || (0..10_000).map(|number| format!("p{number}"));
    let object: serde_json::Map<_, _> = names().map(|name| (name, 1.into())).collect();
    let object = serde_json::to_string(&object).expect("JSON");
    assert_alike!(create(&app, &[("parameters", &object)]).await, @"");

    let short: String = names()
        .take(5_000)
        .map(|name| format!("&{name}=1"))
        .collect();
    assert_alike!(predict(&app, &short).await, @"");
    // An address that long is refused before anything reads it (hyper: 65,534 bytes), and no client would send it.
    let long: String = names().map(|name| format!("&{name}=1")).collect();
    let mut wire = app.wire().await;
    wire.send(format!("POST /predict?{long} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())
        .await;
    let answer = wire.read_until("\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 414 "), "{answer}");
}

async fn a_field_sent_twice_is_refused(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(predict(&app, "threshold=0.1&threshold=0.2").await, @"");
    assert_alike!(create(&app, &[("model", "a"), ("model", "b")]).await, @"");
    assert_alike!(get(&app, "/v1/predictions?label=A&label=B").await, @"");
}

async fn a_list_that_cannot_be_had_is_explained(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(get(&app, "/v1/predictions?page_size=201").await, @"");
    assert_alike!(get(&app, "/v1/predictions?page_size=-1").await, @"");
    assert_alike!(get(&app, "/v1/predictions?page_token=x").await, @"");
    assert_alike!(get(&app, "/v1/predictions?colour=red").await, @"");
    assert_alike!(get(&app, "/v1/predictions?min_score=2").await, @"");
    assert_alike!(get(&app, "/v1/predictions?min_score=0.9&max_score=0.1").await, @"");
    assert_alike!(get(&app, "/v1/predictions?from=yesterday").await, @"");
    assert_alike!(get(&app, "/v1/predictions?image_sha256=abc").await, @"");
    assert_alike!(get(&app, "/v1/predictions:export?format=xls").await, @"");
    assert_alike!(get(&app, "/v1/predictions/none").await, @"");
    assert_alike!(get(&app, "/v1/predictions/01a20623-df5b-780a-9943-2fb6042e32d0").await, @"");
}

async fn an_address_that_is_wrong_is_explained(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(get(&app, "/predict").await, @"");
    assert_alike!(app.send(app.request(Method::DELETE, "/v1/models")).await.problem(), @"");
    assert_alike!(get(&app, "/v1/cats").await, @"");
    assert_alike!(app.post("/v1/models/pneumonia:explode").await.problem(), @"");
    assert_alike!(app.post("/v1/models/cats:load").await.problem(), @"");
}

async fn every_answer_names_its_request(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let ask = |id: String| {
        app.request(Method::GET, "/v1/predictions/none")
            .header("x-request-id", id)
    };
    let answer = app.send(ask("ward-7.bed_3".to_owned())).await;
    assert_eq!(answer.header("x-request-id"), "ward-7.bed_3");
    assert_eq!(answer.json()["request_id"], "ward-7.bed_3");
    for malformed in ["", "two words", "<script>", &"x".repeat(300)] {
        let answer = app.send(ask(malformed.to_owned())).await;
        let ours = answer.header("x-request-id");
        assert!(
            ours != malformed && !ours.is_empty(),
            "`{ours}` for `{malformed}`"
        );
        assert_eq!(answer.json()["request_id"], ours);
    }
}
