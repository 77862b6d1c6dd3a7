use std::net::{IpAddr, Ipv4Addr};

use axum::body::{Body, Bytes};
use futures_util::stream;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use pupila_core::ManualClock;
use serde_json::Value;
use tower::ServiceExt as _;

use super::*;
use crate::{
    config::{AuthConfig, AuthMode, UpstreamConfig},
    layers::client_address::Peer,
};

/// An application whose services are all away.
fn app(mode: AuthMode) -> Router {
    // Nobody listens on the discard port.
    let nowhere = "http://127.0.0.1:9".to_owned();
    let upstreams = Upstreams::remote(&UpstreamConfig {
        accounts: nowhere.clone(),
        images: nowhere.clone(),
        inference: nowhere.clone(),
        history: nowhere,
    });
    let config = GatewayConfig {
        auth: AuthConfig {
            mode,
            allow_open_network: false,
        },
        ..GatewayConfig::default()
    };
    let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    let upstreams = upstreams.expect("addresses");
    let gateway = Gateway::new(&config, upstreams, clock.clone(), CancellationToken::new());
    router(gateway, &config, clock)
}

async fn send(mode: AuthMode, method: Method, path: &str, body: Body) -> Response<Body> {
    send_request(mode, method, path, Request::new(body)).await
}

async fn send_request(
    mode: AuthMode,
    method: Method,
    path: &str,
    mut request: Request<Body>,
) -> Response<Body> {
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().expect("an address");
    let headers = request.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    request
        .extensions_mut()
        .insert(Peer(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    app(mode).oneshot(request).await.expect("an answer")
}

/// The status and the code of a problem.
async fn problem(response: Response<Body>) -> (StatusCode, String) {
    let status = response.status();
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "application/problem+json"
    );
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_stranger_is_sent_away_before_their_upload_is_read() {
    let unread = stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, axum::Error>>> {
        panic!("the body was read")
    });
    let mut request = Request::new(Body::from_stream(unread));
    let waits = HeaderValue::from_static("100-continue");
    request.headers_mut().insert(header::EXPECT, waits);
    let path = "/v1/predictions";
    let response = send_request(AuthMode::Accounts, Method::POST, path, request).await;
    assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
    let told = problem(response).await;
    assert_eq!(
        told,
        (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED".to_owned())
    );
}

#[tokio::test]
async fn where_there_are_no_accounts_nobody_signs_in() {
    for path in [
        "/v1/auth/login",
        "/v1/auth/register",
        "/v1/auth/refresh",
        "/v1/auth/logout",
    ] {
        let response = send(AuthMode::Off, Method::POST, path, Body::from("{}")).await;
        let told = problem(response).await;
        assert_eq!(
            told,
            (StatusCode::FORBIDDEN, "ACCOUNTS_OFF".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn without_accounts_to_ask_a_caller_is_told_to_wait() {
    let response = send(AuthMode::Off, Method::GET, "/v1/me", Body::empty()).await;
    assert_eq!(response.headers()[header::RETRY_AFTER], "5");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let told = problem(response).await;
    assert_eq!(
        told,
        (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE".to_owned())
    );
}

#[tokio::test]
async fn a_method_that_is_not_there_is_told_which_are() {
    let cases = [
        (Method::DELETE, "/v1/models", "GET,HEAD"),
        (Method::POST, "/v1/models/pneumonia", "GET,HEAD"),
        (Method::GET, "/v1/models/pneumonia:load", "POST"),
        (Method::PUT, "/v1/me", "GET,HEAD,PATCH,DELETE"),
        (Method::TRACE, "/v1/links:open", "POST"),
    ];
    for (method, path, allowed) in cases {
        let response = send(AuthMode::Accounts, method, path, Body::empty()).await;
        assert_eq!(response.headers()[header::ALLOW], allowed, "{path}");
        let told = problem(response).await;
        assert_eq!(
            told,
            (
                StatusCode::METHOD_NOT_ALLOWED,
                "METHOD_NOT_ALLOWED".to_owned()
            )
        );
    }
}

#[tokio::test]
async fn our_own_name_for_a_verb_leads_nowhere() {
    let path = "/v1/models/pneumonia/~load";
    let response = send(AuthMode::Accounts, Method::POST, path, Body::empty()).await;
    let told = problem(response).await;
    assert_eq!(told, (StatusCode::NOT_FOUND, "ROUTE_NOT_FOUND".to_owned()));
}
