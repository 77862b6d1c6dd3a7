//! Programs that are told.

use aws_lc_rs::hmac;
use axum::http::StatusCode;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use pupila_core::Clock as _;
use pupila_proto::{
    accounts::v1::{WebhookTarget, resolve_route_response::Target},
    history::v1::Failure,
};
use serde_json::{Value, json};

use super::{
    harness::{Around, JOB, TASK, given_up, postponed},
    web_server::{Asked, WebServer},
};
use crate::Outcome;

const OPEN: &str = "webhooks.allow_private_networks = true\npublic_url = 'https://example.org'";

fn target(url: &str) -> Target {
    let secret = BASE64_STANDARD.encode([7; 32]);
    Target::Webhook(WebhookTarget {
        url: url.to_owned(),
        secret: format!("whsec_{secret}"),
    })
}

/// As a receiver does it.
fn verify(asked: &Asked) {
    let signature = asked.header("webhook-signature");
    let signature = signature.strip_prefix("v1,").expect("a version");
    let signature = BASE64_STANDARD.decode(signature).expect("base64");
    let id = asked.header("webhook-id");
    let timestamp = asked.header("webhook-timestamp");
    let signed = [format!("{id}.{timestamp}.").as_bytes(), &asked.body].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
    hmac::verify(&key, &signed, &signature).expect("signed with the secret");
}

#[tokio::test]
async fn a_program_gets_a_signed_message() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    let job = around.job(|_| {});
    let outcome = around.tell(target(&server.url), "es", job).await;
    assert_eq!(outcome, Outcome::done());
    let asked = server.asked().remove(0);
    verify(&asked);
    assert_eq!(asked.header("content-type"), "application/json");
    assert!(asked.header("user-agent").starts_with("Pupila/"));
    let now = around.services.clock.now().as_second().to_string();
    assert_eq!(asked.header("webhook-timestamp"), now);
    let message: Value = serde_json::from_slice(&asked.body).expect("JSON");
    assert_eq!(message["type"], "job.ended");
    assert_eq!(message["id"], TASK);
    assert_eq!(message["create_time"], message["job"]["end_time"]);
    let mut told = message["job"].clone();
    let job = told.as_object_mut().expect("an object");
    for time in ["create_time", "start_time", "end_time"] {
        let time = job.remove(time).expect("a time");
        assert!(
            time.as_str().is_some_and(|time| time.ends_with('Z')),
            "{time}"
        );
    }
    assert_eq!(
        told,
        json!({
            "id": JOB,
            "name": "X-rays of May",
            "state": "SUCCEEDED",
            "counts": {"total": 500, "succeeded": 498, "failed": 2, "cancelled": 0},
            "failure": null,
            "url": format!("https://example.org/jobs/{JOB}"),
        })
    );
}

#[tokio::test]
async fn an_error_then_an_answer_is_one_message_that_came_twice() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    server.answers(StatusCode::INTERNAL_SERVER_ERROR);
    let job = around.job(|_| {});
    let outcome = around.tell(target(&server.url), "en", job.clone()).await;
    assert_eq!(postponed(&outcome), 5);
    let outcome = around.tell(target(&server.url), "en", job).await;
    assert_eq!(outcome, Outcome::done());
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].header("webhook-id"), asked[1].header("webhook-id"));
    assert_eq!(asked[0].body, asked[1].body);
}

#[tokio::test]
async fn a_program_is_told_why_a_job_failed_as_a_whole() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    let job = around.job(|job| {
        job.failure = Some(Failure {
            code: "UNPROCESSABLE".to_owned(),
            reason: "ARCHIVE_EMPTY".to_owned(),
            detail: "the archive holds no files".to_owned(),
        });
    });
    let outcome = around.tell(target(&server.url), "en", job).await;
    assert_eq!(outcome, Outcome::done());
    let message: Value = serde_json::from_slice(&server.asked()[0].body).expect("JSON");
    assert_eq!(
        message["job"]["failure"],
        json!({"code": "ARCHIVE_EMPTY", "detail": "the archive holds no files"})
    );
}

#[tokio::test]
async fn whoever_is_busy_is_left_alone() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    server.is_busy(StatusCode::TOO_MANY_REQUESTS, "90");
    let outcome = around.tell(target(&server.url), "en", around.job(|_| {}));
    assert_eq!(postponed(&outcome.await), 90);
}

#[tokio::test]
async fn a_program_that_says_it_is_gone_is_not_called_again() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    server.answers(StatusCode::GONE);
    let outcome = around.tell(target(&server.url), "en", around.job(|_| {}));
    assert_eq!(outcome.await, Outcome::done());
    assert_eq!(around.dropped().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (server, other) = (WebServer::start().await, WebServer::start().await);
    let around = Around::configured(OPEN);
    let to = [(axum::http::header::LOCATION, other.url.clone())];
    server.answers((StatusCode::TEMPORARY_REDIRECT, to));
    let outcome = around.tell(target(&server.url), "en", around.job(|_| {}));
    postponed(&outcome.await);
    assert_eq!(other.asked().len(), 0);
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    let endless = futures_util::stream::repeat(Ok::<_, std::fmt::Error>("no end "));
    server.answers(axum::body::Body::from_stream(endless));
    let outcome = around.tell(target(&server.url), "en", around.job(|_| {}));
    assert_eq!(outcome.await, Outcome::done());
}

#[tokio::test]
async fn whoever_does_not_answer_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("an address");
    let config = format!("{OPEN}\nwebhooks.timeout_seconds = 1");
    let around = Around::configured(&config);
    let url = format!("http://{address}/hook");
    let outcome = around.tell(target(&url), "en", around.job(|_| {}));
    postponed(&outcome.await);
}

#[tokio::test]
async fn nobody_there_is_no_reason_to_stop() {
    let around = Around::configured(OPEN);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let url = format!("http://{address}/hook");
    let outcome = around.tell(target(&url), "en", around.job(|_| {}));
    postponed(&outcome.await);
}

#[tokio::test]
async fn what_only_we_reach_is_not_called() {
    let server = WebServer::start().await;
    let port = server.url.rsplit(':').next().expect("a port");
    let around = Around::configured("");
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
    ] {
        let url = format!("http://{host}:{port}");
        let outcome = around.tell(target(&url), "en", around.job(|_| {})).await;
        assert_eq!(given_up(&outcome), "DELIVERY_REFUSED", "{host}");
        let told = format!("{outcome:?}");
        assert!(
            !told.contains("secret-path") && !told.contains(host),
            "{told}"
        );
    }
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn what_is_no_web_address_is_refused() {
    let around = Around::configured(OPEN);
    for url in ["", "file:///etc/passwd", "gopher://example.org", "http://"] {
        let outcome = around.tell(target(url), "en", around.job(|_| {})).await;
        assert_eq!(given_up(&outcome), "DELIVERY_REFUSED", "{url}");
    }
}
