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
    assert_alike!(predict(&app, "model=cats").await, @r"
    404 Not Found MODEL_NOT_FOUND
    model `cats` does not exist; there are: `pneumonia`
    ");
    assert_alike!(predict(&app, "model=../../etc/passwd").await, @r"
    404 Not Found MODEL_NOT_FOUND
    model `../../etc/passwd` does not exist; there are: `pneumonia`
    ");
    assert_alike!(predict(&app, "version=7").await, @r"
    404 Not Found VERSION_NOT_FOUND
    model `pneumonia` has no version 7; there are: `1`
    ");
    assert_alike!(predict(&app, "version=newest").await, @r"
    400 Bad Request INVALID_ARGUMENT
    must be a whole number from 1
    /version: must be a whole number from 1
    ");
    assert_alike!(predict(&app, "treshold=0.5").await, @r"
    400 Bad Request UNKNOWN_PARAMETER
    unknown parameters: `treshold`; known are: `threshold`
    /parameters: unknown parameters: `treshold`; known are: `threshold`
    ");
    assert_alike!(predict(&app, "detail=yes").await, @r"
    400 Bad Request INVALID_ARGUMENT
    must be `true` or `false`
    /detail: must be `true` or `false`
    ");
    assert_alike!(create(&app, &[("modell", "x")]).await, @r"
    400 Bad Request INVALID_ARGUMENT
    the field `modell` is not known here
    /modell: the field `modell` is not known here
    ");
    assert_alike!(get(&app, "/v1/models/cats").await, @r"
    404 Not Found MODEL_NOT_FOUND
    model `cats` does not exist; there are: `pneumonia`
    ");
    assert_alike!(get(&app, "/v1/models/pneumonia/versions/7").await, @r"
    404 Not Found VERSION_NOT_FOUND
    model `pneumonia` has no version `7`
    ");
}

async fn a_parameter_out_of_its_range_is_told_the_range(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(predict(&app, "threshold=1.5").await, @r"
    400 Bad Request PARAMETER_OUT_OF_RANGE
    parameter threshold must be a number from 0 to 1
    /parameters/threshold: must be a number from 0 to 1
    ");
    assert_alike!(predict(&app, "threshold=NaN").await, @r"
    400 Bad Request PARAMETER_OUT_OF_RANGE
    parameter threshold must be a number from 0 to 1
    /parameters/threshold: must be a number from 0 to 1
    ");
    assert_alike!(predict(&app, "threshold=high").await, @r"
    400 Bad Request PARAMETER_OUT_OF_RANGE
    parameter threshold must be a number from 0 to 1
    /parameters/threshold: must be a number from 0 to 1
    ");
    assert_alike!(create(&app, &[("parameters", r#"{"threshold": -1}"#)]).await, @r"
    400 Bad Request PARAMETER_OUT_OF_RANGE
    parameter threshold must be a number from 0 to 1
    /parameters/threshold: must be a number from 0 to 1
    ");
    assert_alike!(create(&app, &[("parameters", r#"{"threshold": [0.5]}"#)]).await, @r"
    400 Bad Request INVALID_ARGUMENT
    must be a number
    /parameters/threshold: must be a number
    ");
    assert_alike!(create(&app, &[("parameters", "threshold=0.5")]).await, @r#"
    400 Bad Request INVALID_ARGUMENT
    must be a JSON object such as {"threshold": 0.4}
    /parameters: must be a JSON object such as {"threshold": 0.4}
    "#);
}

async fn ten_thousand_parameters_get_a_short_answer(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let names = || (0..10_000).map(|number| format!("p{number}"));
    let object: serde_json::Map<_, _> = names().map(|name| (name, 1.into())).collect();
    let object = serde_json::to_string(&object).expect("JSON");
    assert_alike!(create(&app, &[("parameters", &object)]).await, @r"
    400 Bad Request INVALID_ARGUMENT
    must be at most 65536 bytes
    /parameters: must be at most 65536 bytes
    ");

    let short: String = names()
        .take(5_000)
        .map(|name| format!("&{name}=1"))
        .collect();
    assert_alike!(predict(&app, &short).await, @r"
    400 Bad Request UNKNOWN_PARAMETER
    unknown parameters: `p0`, `p1`, `p10`, `p100`, `p1000`, `p1001`, `p1002`, `p1003`, `p1004`, `p1005` and 4990 more; known are: `threshold`
    /parameters: unknown parameters: `p0`, `p1`, `p10`, `p100`, `p1000`, `p1001`, `p1002`, `p1003`, `p1004`, `p1005` and 4990 more; known are: `threshold`
    ");
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
    assert_alike!(predict(&app, "threshold=0.1&threshold=0.2").await, @r"
    400 Bad Request INVALID_ARGUMENT
    the field `threshold` was sent more than once
    /threshold: the field `threshold` was sent more than once
    ");
    assert_alike!(create(&app, &[("model", "a"), ("model", "b")]).await, @r"
    400 Bad Request INVALID_ARGUMENT
    the field `model` was sent more than once
    /model: the field `model` was sent more than once
    ");
    assert_alike!(get(&app, "/v1/predictions?label=A&label=B").await, @r"
    400 Bad Request INVALID_ARGUMENT
    the field `label` was sent more than once
    /label: the field `label` was sent more than once
    ");
}

async fn a_list_that_cannot_be_had_is_explained(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(get(&app, "/v1/predictions?page_size=201").await, @"
    400 Bad Request INVALID_ARGUMENT
    `201` cannot be read: expected a whole number from 1 to 200
    /page_size: `201` cannot be read: expected a whole number from 1 to 200
    ");
    assert_alike!(get(&app, "/v1/predictions?page_size=-1").await, @"
    400 Bad Request INVALID_ARGUMENT
    `-1` cannot be read: expected a whole number from 1 to 200
    /page_size: `-1` cannot be read: expected a whole number from 1 to 200
    ");
    assert_alike!(get(&app, "/v1/predictions?page_token=x").await, @r"
    400 Bad Request INVALID_ARGUMENT
    page_token was not given by an earlier answer
    /page_token: page_token was not given by an earlier answer
    ");
    assert_alike!(get(&app, "/v1/predictions?colour=red").await, @r"
    400 Bad Request INVALID_ARGUMENT
    the field `colour` is not known here
    /colour: the field `colour` is not known here
    ");
    assert_alike!(get(&app, "/v1/predictions?min_score=2").await, @"
    400 Bad Request INVALID_ARGUMENT
    minimum score: must be from 0 to 1
    /min_score: must be from 0 to 1
    ");
    assert_alike!(get(&app, "/v1/predictions?min_score=0.9&max_score=0.1").await, @"
    400 Bad Request INVALID_ARGUMENT
    maximum score: must not be less than the minimum
    /max_score: must not be less than the minimum
    ");
    assert_alike!(get(&app, "/v1/predictions?from=yesterday").await, @r"
    400 Bad Request INVALID_ARGUMENT
    `yesterday` cannot be read: expected a time like 2026-11-23T08:30:00Z or a day like 2026-11-23
    /from: `yesterday` cannot be read: expected a time like 2026-11-23T08:30:00Z or a day like 2026-11-23
    ");
    assert_alike!(get(&app, "/v1/predictions?image_sha256=abc").await, @"
    400 Bad Request INVALID_ARGUMENT
    image sha256: a SHA-256 digest is 64 hexadecimal digits
    /image_sha256: a SHA-256 digest is 64 hexadecimal digits
    ");
    assert_alike!(get(&app, "/v1/predictions:export?format=xls").await, @r"
    400 Bad Request INVALID_ARGUMENT
    `xls` cannot be read: expected `csv` or `ndjson`
    /format: `xls` cannot be read: expected `csv` or `ndjson`
    ");
    assert_alike!(get(&app, "/v1/predictions/none").await, @"
    400 Bad Request INVALID_ARGUMENT
    id: `none` is not a UUID
    /id: `none` is not a UUID
    ");
    assert_alike!(get(&app, "/v1/predictions/01a20623-df5b-780a-9943-2fb6042e32d0").await, @r"
    404 Not Found PREDICTION_NOT_FOUND
    prediction `01a20623-df5b-780a-9943-2fb6042e32d0` does not exist
    ");
}

async fn an_address_that_is_wrong_is_explained(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_alike!(get(&app, "/predict").await, @r"
    405 Method Not Allowed METHOD_NOT_ALLOWED
    this address does not take that method
    ");
    assert_alike!(app.send(app.request(Method::DELETE, "/v1/models")).await.problem(), @r"
    405 Method Not Allowed METHOD_NOT_ALLOWED
    this address does not take that method
    ");
    assert_alike!(get(&app, "/v1/cats").await, @r"
    404 Not Found ROUTE_NOT_FOUND
    there is nothing at this address; see /docs
    ");
    assert_alike!(app.post("/v1/models/pneumonia:explode").await.problem(), @"
    405 Method Not Allowed METHOD_NOT_ALLOWED
    this address does not take that method
    ");
    assert_alike!(app.post("/v1/models/cats:load").await.problem(), @r"
    404 Not Found MODEL_NOT_FOUND
    model `cats` does not exist; there are: `pneumonia`
    ");
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
