//! Webhooks.

use aws_lc_rs::hmac;
use axum::http::StatusCode;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use pupila_tests::{Pupila, Shape, User, stories, text};
use serde_json::{Value, json};

use super::{
    asked, want,
    web_server::{Asked, WebServer},
    work,
};

stories!(programs_are_called_with_a_signature);

/// Checks a signature as the libraries for Standard Webhooks do.
fn verify(asked: &Asked, secret: &str) {
    let secret = secret
        .strip_prefix("whsec_")
        .expect("a secret of a webhook");
    let key = hmac::Key::new(
        hmac::HMAC_SHA256,
        &BASE64_STANDARD.decode(secret).expect("base64"),
    );
    let [id, time] = ["webhook-id", "webhook-timestamp"].map(|name| asked.header(name));
    let signed = [format!("{id}.{time}.").as_bytes(), &asked.body].concat();
    let signature = asked
        .header("webhook-signature")
        .strip_prefix("v1,")
        .expect("version 1");
    let signature = BASE64_STANDARD.decode(signature).expect("base64");
    hmac::verify(&key, &signed, &signature).expect("our signature");
}

async fn programs_are_called_with_a_signature(shape: Shape) {
    let setup = Pupila::of(shape).with_accounts();
    let setup = setup.with("worker.notify.webhooks.allow_private_networks", true);
    let app = setup.start().await;
    let ana = User::register(&app, "ana").await;
    let (ended, wanted) = (WebServer::start().await, WebServer::start().await);
    want(&ana, json!({"webhook": true})).await;
    let webhook = async |url: &str| {
        ana.post_json("/v1/me/webhooks", &json!({"url": url}))
            .await
            .ok()
    };
    let first = webhook(&ended.url).await;
    ended.answers(StatusCode::INTERNAL_SERVER_ERROR);
    let id = work(&ana, "Ward 7").await;
    let calls = asked(&ended, 2).await;
    for call in &calls {
        verify(call, text(&first, "secret"));
        let message: Value = serde_json::from_slice(&call.body).expect("JSON");
        assert_eq!(message["type"], "job.ended");
        assert_eq!(
            (&message["job"]["id"], &message["job"]["name"]),
            (&json!(id), &json!("Ward 7"))
        );
    }
    let ids: Vec<_> = calls.iter().map(|call| call.header("webhook-id")).collect();
    assert_eq!(ids[0], ids[1], "one message that came twice");

    webhook(&wanted.url).await;
    ana.delete(&format!("/v1/me/webhooks/{}", text(&first, "id")))
        .await;
    work(&ana, "Ward 8").await;
    asked(&wanted, 1).await;
    assert_eq!(
        ended.asked().len(),
        2,
        "a webhook that was ended is called no more"
    );
}
