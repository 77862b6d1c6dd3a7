//! Push messages.

// What the worker's own stories are trusted by.
#[path = "../../../../services/worker/src/notify/tests/tls.rs"]
mod tls;

use std::io::Write as _;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use pupila_tests::{Pupila, Shape, User, stories, text};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use web_push_native::{Auth, decrypt, p256::SecretKey};

use super::{asked, list, want, web_server::WebServer, work};

stories!(
    a_browser_is_told_what_only_it_can_read,
    a_device_that_is_lost_is_ended_from_another,
);

const SUBSCRIPTIONS: &str = "/v1/me/push-subscriptions";

/// What the browser with that key and secret sends to subscribe.
fn subscription(endpoint: &str, key: &SecretKey, secret: &[u8; 16]) -> Value {
    let keys = json!({
        "p256dh": BASE64_URL_SAFE_NO_PAD.encode(key.public_key().to_sec1_bytes()),
        "auth": BASE64_URL_SAFE_NO_PAD.encode(secret),
    });
    json!({"endpoint": endpoint, "keys": keys, "expirationTime": null})
}

/// Speaks TLS before `server`, and answers the port.
async fn encrypted(server: &WebServer, tls: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind("localhost:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let behind = server.url.split('/').nth(2).expect("an address").to_owned();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let (tls, behind) = (tls.clone(), behind.clone());
            tokio::spawn(async move {
                let mut connection = tls.accept(connection).await?;
                let mut behind = TcpStream::connect(behind).await?;
                copy_bidirectional(&mut connection, &mut behind).await
            });
        }
    });
    port
}

async fn a_browser_is_told_what_only_it_can_read(shape: Shape) {
    let (acceptor, certificate) = tls::localhost();
    let mut trusted = tempfile::NamedTempFile::new().expect("a file");
    trusted.write_all(certificate.as_bytes()).expect("written");
    let app = Pupila::of(shape)
        .with_accounts()
        .with("worker.notify.push.allow_private_networks", true)
        .with("SSL_CERT_FILE", trusted.path().display())
        .start()
        .await;
    let ana = User::register(&app, "ana").await;
    want(&ana, json!({"push": true})).await;
    let service = WebServer::start().await;
    let endpoint = format!(
        "https://localhost:{}/ana",
        encrypted(&service, acceptor).await
    );
    let (key, secret) = (SecretKey::from_slice(&[7; 32]).expect("a key"), [9; 16]);
    let subscription = subscription(&endpoint, &key, &secret);
    let answer = ana.post_json(SUBSCRIPTIONS, &subscription).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let id = work(&ana, "Ward 7").await;
    let call = asked(&service, 1).await.remove(0);
    let ours = app.get("/v1/notifications/push-key").await.ok();
    let authorization = call.header("authorization");
    assert!(authorization.starts_with("vapid t="), "{authorization}");
    assert!(
        authorization.contains(text(&ours, "public_key")),
        "{authorization}"
    );
    let message = decrypt(call.body, &key, &Auth::from(secret)).expect("for this browser");
    let message: Value = serde_json::from_slice(&message).expect("JSON");
    assert_eq!(message["job_id"], id);
    assert_alike!(text(&message, "title"), @"“Ward 7” is ready");

    let ended = ana.request(Method::DELETE, SUBSCRIPTIONS);
    let ended = ana.send(ended.json(&json!({"endpoint": endpoint}))).await;
    assert_eq!(ended.status, 204);
    work(&ana, "Ward 8").await;
    list(&ana, 2).await;
    assert_eq!(
        service.asked().len(),
        1,
        "a browser that was signed off hears nothing"
    );
}

async fn a_device_that_is_lost_is_ended_from_another(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let ana = User::register(&app, "ana").await;
    let key = SecretKey::from_slice(&[7; 32]).expect("a key");
    for device in ["phone", "desk"] {
        let endpoint = format!("https://push.example.org/{device}");
        let request = ana.request(Method::POST, SUBSCRIPTIONS);
        let request = request.json(&subscription(&endpoint, &key, &[9; 16]));
        ana.send(request.header("user-agent", device)).await.ok();
    }
    let devices = ana.all_pages(SUBSCRIPTIONS).await;
    let names = devices.iter().map(|device| text(device, "user_agent"));
    assert!(names.eq(["desk", "phone"]), "{devices:?}");
    let phone = &devices[1];
    assert_eq!(
        phone.get("endpoint"),
        None,
        "whoever knows it may send to it"
    );

    let lost = text(phone, "id");
    let lost_path = format!("{SUBSCRIPTIONS}/{lost}");
    assert_eq!(ana.delete(&lost_path).await.status, 204);
    let gone = ana.delete(&lost_path).await;
    assert_alike!(gone.problem().replace(lost, "its id"), @r"
    404 Not Found PUSH_SUBSCRIPTION_NOT_FOUND
    push subscription `its id` does not exist
    ");
    assert_eq!(ana.all_pages(SUBSCRIPTIONS).await, devices[..1]);
}
