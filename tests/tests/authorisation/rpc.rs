//! Every gRPC method, at the door of the service itself: the gateway is not trusted to have asked for a token.

use std::collections::BTreeSet;

use pupila_proto::accounts::v1::{SignInServiceRequest, auth_service_client::AuthServiceClient};
use pupila_tests::{File, Part, Pupila, Shape, User, text};
use serde_json::json;
use tonic::{Code, Request, client::Grpc, transport::Channel};
use tonic_prost::ProstCodec;

use crate::{
    callers::READING,
    methods::{
        Rule::{self, Anybody, Service, Users, UsersAndGuests},
        TABLE,
    },
    tokens,
};

#[test]
fn every_method_has_a_row() {
    let rows: BTreeSet<String> = TABLE
        .iter()
        .map(|(method, _)| format!("/pupila.{method}"))
        .collect();
    let methods = pupila_proto::every_access().iter();
    let methods: BTreeSet<String> = methods.map(|access| access.path.to_owned()).collect();
    assert_eq!(rows, methods);
}

/// Who comes to the doors, with their token, and whether a rule lets them in.
struct Knocker {
    name: &'static str,
    token: Option<String>,
    admitted: fn(Rule) -> bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_method_lets_in_those_that_the_table_says() {
    let app = Pupila::of(Shape::Services).with_accounts().start().await;
    let knockers = knockers(&app).await;
    let mut differences = Vec::new();
    for (method, rule) in TABLE {
        let part = match method.split('.').next() {
            Some("accounts") => Part::Accounts,
            Some("images") => Part::Images,
            Some("history") => Part::History,
            _ => Part::Inference,
        };
        let channel = Channel::from_shared(app.grpc(part)).expect("an address");
        let channel = channel.connect().await.expect("a connection");
        for knocker in &knockers {
            let admitted = knock(channel.clone(), method, knocker.token.as_deref()).await;
            if admitted != (knocker.admitted)(*rule) {
                differences.push(format!("{method} as {}: let in: {admitted}", knocker.name));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

async fn knockers(app: &Pupila) -> Vec<Knocker> {
    let admin = User::register(app, "root").await;
    let owner = User::register(app, "ana").await;
    let token = text(&owner.tokens, "access_token").to_owned();
    let key = tokens::signing_key(app, &token).await;
    let image = owner.store(&File::x_ray()).await;
    let album = owner.album("Summer", &[text(&image, "id")]).await;
    let link = owner
        .post_json(&format!("/v1/albums/{album}/links"), &json!({}))
        .await
        .ok();
    let guest = owner
        .post_json("/v1/links:open", &json!({"token": link["token"]}))
        .await
        .ok();
    let secret = owner
        .post_json("/v1/me/api-keys", &json!({"name": "k", "scopes": READING}))
        .await;
    let secret = secret.ok();
    let reader = exchange(app, text(&secret, "secret")).await;
    let knocker = |name, token: &str, admitted| Knocker {
        name,
        token: Some(token.to_owned()),
        admitted,
    };
    let anybody: fn(Rule) -> bool = |rule| matches!(rule, Anybody);
    vec![
        Knocker {
            name: "nobody",
            token: None,
            admitted: anybody,
        },
        knocker("nonsense", "nonsense", anybody),
        knocker("expired", &tokens::expired(&key, &token), anybody),
        knocker("misdirected", &tokens::misdirected(&key, &token), anybody),
        knocker("reader", &reader, |rule| match rule {
            Anybody => true,
            Users(scope) | UsersAndGuests(scope) => READING.contains(&scope),
            _ => false,
        }),
        knocker("user", &token, |rule| {
            matches!(rule, Anybody | Users(_) | UsersAndGuests(_))
        }),
        knocker("admin", text(&admin.tokens, "access_token"), |rule| {
            !matches!(rule, Service(_))
        }),
        knocker("guest", text(&guest, "access_token"), |rule| {
            matches!(rule, Anybody | UsersAndGuests(_))
        }),
        knocker("images", &service_token(app, "images").await, |rule| {
            matches!(rule, Anybody | Service("images"))
        }),
        knocker("worker", &service_token(app, "worker").await, |rule| {
            matches!(rule, Anybody | Service("worker"))
        }),
    ]
}

async fn exchange(app: &Pupila, key: &str) -> String {
    let request = pupila_proto::accounts::v1::ExchangeApiKeyRequest {
        api_key: key.to_owned(),
    };
    let answer = accounts(app).await.exchange_api_key(request).await;
    let access = answer.expect("a token").into_inner().access;
    access.expect("a token").token
}

async fn service_token(app: &Pupila, name: &str) -> String {
    let request = SignInServiceRequest {
        service: name.to_owned(),
        secret: Pupila::SERVICE_SECRET.to_owned(),
    };
    let answer = accounts(app).await.sign_in_service(request).await;
    let access = answer.expect("a token").into_inner().access;
    access.expect("a token").token
}

async fn accounts(app: &Pupila) -> AuthServiceClient<Channel> {
    let client = AuthServiceClient::connect(app.grpc(Part::Accounts)).await;
    client.expect("a connection")
}

/// Calls a method with an empty message. Whatever it says about the message, the caller was let in.
async fn knock(channel: Channel, method: &str, token: Option<&str>) -> bool {
    let mut client = Grpc::new(channel);
    client.ready().await.expect("a connection");
    let mut request = Request::new(());
    if let Some(token) = token {
        let value = format!("Bearer {token}").parse().expect("plain");
        request.metadata_mut().insert("authorization", value);
    }
    let path = format!("/pupila.{method}").parse().expect("a path");
    let codec = ProstCodec::<(), ()>::default();
    let answer = client.server_streaming(request, path, codec).await;
    let outcome = match answer {
        Ok(answer) => answer.into_inner().message().await.map(|_| ()),
        Err(status) => Err(status),
    };
    !is_refusal(outcome)
}

fn is_refusal(outcome: Result<(), tonic::Status>) -> bool {
    let Err(status) = outcome else { return false };
    let reason = pupila_runtime::rpc::RpcError::from(status.clone()).reason;
    let refusals = [
        "UNAUTHENTICATED",
        "TOKEN_INVALID",
        "TOKEN_EXPIRED",
        "PERMISSION_DENIED",
        "ADMIN_ONLY",
        "SCOPE_MISSING",
    ];
    matches!(
        status.code(),
        Code::Unauthenticated | Code::PermissionDenied
    ) && refusals.contains(&reason.as_str())
}
