//! Browsers that are told.

use axum::http::StatusCode;
use pupila_proto::{
    accounts::v1::{PushTarget, resolve_route_response::Target},
    history::v1::{Failure, JobState},
};
use serde_json::{Value, json};
use web_push_native::{Auth, decrypt, p256::SecretKey};

use super::{
    harness::{Around, JOB, given_up, postponed},
    web_server::{Asked, WebServer},
};
use crate::Outcome;

const OPEN: &str = "push.allow_private_networks = true\npush.ttl_seconds = 3600";
const SECRET: [u8; 16] = [9; 16];

fn browser() -> SecretKey {
    SecretKey::from_slice(&[7; 32]).expect("a key")
}

fn target(server: &WebServer) -> Target {
    Target::Push(PushTarget {
        endpoint: server.url.clone(),
        p256dh: browser().public_key().to_sec1_bytes().to_vec().into(),
        auth: SECRET.to_vec().into(),
        authorization: "vapid t=token, k=key".to_owned(),
    })
}

/// As the browser does it.
fn read(asked: Asked) -> Value {
    let message = decrypt(asked.body, &browser(), &Auth::from(SECRET));
    let message = message.expect("encrypted for this browser");
    assert!(message.len() < 3000, "{}", message.len());
    serde_json::from_slice(&message).expect("JSON")
}

#[tokio::test]
async fn a_browser_gets_a_message_that_only_it_can_read() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    server.answers(StatusCode::CREATED);
    let outcome = around.tell(target(&server), "en", around.job(|_| {}));
    assert_eq!(outcome.await, Outcome::done());
    let asked = server.asked().remove(0);
    for (name, value) in [
        ("authorization", "vapid t=token, k=key"),
        ("content-encoding", "aes128gcm"),
        ("ttl", "3600"),
        ("urgency", "normal"),
    ] {
        assert_eq!(asked.header(name), value);
    }
    let topic = asked.header("topic").len();
    assert!((1..=32).contains(&topic), "{topic}");
    assert_eq!(
        read(asked),
        json!({
            "title": "“X-rays of May” is ready, with 2 errors",
            "body": "500 images: 498 ready, 2 failed · 3 min 5 s",
            "url": format!("/jobs/{JOB}"),
            "job_id": JOB,
            "state": "SUCCEEDED",
            "tag": format!("job-{JOB}"),
        })
    );
}

#[tokio::test]
async fn the_message_is_in_the_users_language() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    let job = around.job(|_| {});
    around.tell(target(&server), "es", job).await;
    let message = read(server.asked().remove(0));
    assert_eq!(
        message["title"],
        "«X-rays of May» está listo, con 2 errores"
    );
    assert_eq!(
        message["body"],
        "500 imágenes: 498 listas, 2 con error · 3 min 5 s"
    );
}

#[tokio::test]
async fn the_message_says_why_a_zip_broke() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    let job = around.job(|job| {
        job.set_state(JobState::Failed);
        job.counts = None;
        job.failure = Some(Failure {
            reason: "ARCHIVE_EMPTY".to_owned(),
            ..Failure::default()
        });
    });
    around.tell(target(&server), "en", job).await;
    let message = read(server.asked().remove(0));
    assert_eq!(
        message["body"],
        "the ZIP holds no files · 0 images · 3 min 5 s"
    );
}

#[tokio::test]
async fn the_longest_name_fits() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    let job = around.job(|job| job.name = "\u{1F9D1}\u{0}\"".repeat(2000));
    let outcome = around.tell(target(&server), "es", job).await;
    assert_eq!(outcome, Outcome::done());
    read(server.asked().remove(0));
}

#[tokio::test]
async fn a_subscription_that_ended_is_dropped() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    for status in [StatusCode::NOT_FOUND, StatusCode::GONE] {
        server.answers(status);
        let outcome = around.tell(target(&server), "en", around.job(|_| {}));
        assert_eq!(outcome.await, Outcome::done());
    }
    assert_eq!(around.dropped().len(), 2);
}

#[tokio::test]
async fn a_key_that_is_none_is_dropped_too() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    let Target::Push(mut target) = target(&server) else {
        unreachable!("a push target");
    };
    target.p256dh = vec![4; 65].into();
    let outcome = around.tell(Target::Push(target), "en", around.job(|_| {}));
    assert_eq!(outcome.await, Outcome::done());
    assert_eq!((around.dropped().len(), server.asked().len()), (1, 0));
}

#[tokio::test]
async fn a_push_service_that_is_busy_is_asked_later_and_one_that_refuses_never() {
    let server = WebServer::start().await;
    let around = Around::configured(OPEN);
    server.is_busy(StatusCode::TOO_MANY_REQUESTS, "60");
    server.is_busy(StatusCode::SERVICE_UNAVAILABLE, "7");
    for wait in [60, 7] {
        let outcome = around.tell(target(&server), "en", around.job(|_| {}));
        assert_eq!(postponed(&outcome.await), wait);
    }
    for status in [StatusCode::FORBIDDEN, StatusCode::PAYLOAD_TOO_LARGE] {
        server.answers(status);
        let outcome = around.tell(target(&server), "en", around.job(|_| {}));
        assert_eq!(given_up(&outcome.await), "DELIVERY_REFUSED");
    }
    assert_eq!(around.dropped().len(), 0);
}

#[tokio::test]
async fn a_push_service_in_a_private_network_is_not_called() {
    let server = WebServer::start().await;
    let around = Around::configured("");
    let outcome = around.tell(target(&server), "en", around.job(|_| {}));
    assert_eq!(given_up(&outcome.await), "DELIVERY_REFUSED");
    assert_eq!(server.asked().len(), 0);
}
