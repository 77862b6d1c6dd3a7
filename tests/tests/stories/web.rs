//! What browsers and documentation need.

use pupila_tests::{Pupila, Shape, stories};
use reqwest::Method;

const OURS: &str = "https://photos.example.org";
const FOREIGN: &str = "https://evil.example.org";

stories!(
    a_page_of_an_allowed_origin_may_call,
    a_page_of_a_foreign_origin_may_not,
    a_foreign_host_name_is_refused,
    an_answer_is_compressed_when_asked,
    the_api_is_described,
);

async fn app(shape: Shape) -> Pupila {
    let origins = format!("[\"{OURS}\"]");
    Pupila::of(shape)
        .with("gateway.cors.allowed_origins", origins)
        .start()
        .await
}

async fn a_page_of_an_allowed_origin_may_call(shape: Shape) {
    let app = app(shape).await;
    let preflight = app
        .request(Method::OPTIONS, "/predict")
        .header("origin", OURS)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "x-request-id");
    let preflight = app.send(preflight).await;
    assert_eq!(
        (
            preflight.status,
            preflight.header("access-control-allow-origin")
        ),
        (200, OURS)
    );
    assert!(
        preflight
            .header("access-control-allow-methods")
            .contains("POST")
    );
    assert!(
        preflight
            .header("access-control-allow-headers")
            .contains("x-request-id")
    );

    let simple = app
        .send(
            app.request(Method::GET, "/v1/models")
                .header("origin", OURS),
        )
        .await;
    assert_eq!(
        (simple.status, simple.header("access-control-allow-origin")),
        (200, OURS)
    );
}

async fn a_page_of_a_foreign_origin_may_not(shape: Shape) {
    let app = app(shape).await;
    let preflight = app
        .request(Method::OPTIONS, "/predict")
        .header("origin", FOREIGN)
        .header("access-control-request-method", "POST");
    assert_eq!(
        app.send(preflight)
            .await
            .header("access-control-allow-origin"),
        ""
    );
    let read = app
        .send(
            app.request(Method::GET, "/v1/models")
                .header("origin", FOREIGN),
        )
        .await;
    assert_eq!(read.header("access-control-allow-origin"), "");
    let write = app
        .send(
            app.request(Method::POST, "/predict")
                .header("origin", FOREIGN),
        )
        .await;
    assert_alike!(write.problem(), @r"
    403 Forbidden CROSS_ORIGIN
    web pages of this origin may not call here
    ");
}

async fn a_foreign_host_name_is_refused(shape: Shape) {
    let app = app(shape).await;
    let answer = app
        .send(
            app.request(Method::GET, "/v1/models")
                .header("host", "evil.example.org"),
        )
        .await;
    assert_alike!(answer.problem(), @r"
    403 Forbidden WRONG_HOST
    this server answers requests to localhost only, not to `evil.example.org`
    ");
    let local = app
        .send(
            app.request(Method::GET, "/v1/models")
                .header("host", "localhost:8000"),
        )
        .await;
    assert_eq!(local.status, 200);
}

async fn an_answer_is_compressed_when_asked(shape: Shape) {
    let app = app(shape).await;
    let plain = app.get("/openapi.json").await;
    assert_eq!(plain.header("content-encoding"), "");
    let small = app
        .send(
            app.request(Method::GET, "/openapi.json")
                .header("accept-encoding", "gzip"),
        )
        .await;
    assert_eq!(small.header("content-encoding"), "gzip");
    // The magic number of RFC 1952.
    assert!(small.body.starts_with(&[0x1F, 0x8B]) && small.body.len() < plain.body.len() / 2);
}

async fn the_api_is_described(shape: Shape) {
    let app = app(shape).await;
    let mut document = app.get("/openapi.json").await.ok();
    document["info"]["version"] = "[version]".into();
    let document = serde_json::to_string_pretty(&document).expect("JSON");
    insta::with_settings!({prepend_module_to_snapshot => false, snapshot_path => "../snapshots"}, {
        insta::assert_snapshot!("openapi", document);
    });
    let page = app.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
}
