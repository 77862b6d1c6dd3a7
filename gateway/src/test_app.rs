//! The whole application before services that answer as a test tells them to.

mod no_cursor;
mod script;

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use axum::{Router, body::Body};
use bytes::Bytes;
use futures_util::stream;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use pupila_core::{Caller, ManualClock, Role, Scope, User, UserId};
use pupila_proto::accounts::v1 as accounts;
use pupila_runtime::identity::{Claims, SigningKey};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

pub(crate) use self::{no_cursor::NoCursor, script::Script};
use crate::{
    app::{Gateway, router},
    config::GatewayConfig,
    layers::client_address::Peer,
    upstreams::Upstreams,
};

/// How long the local user's token holds, in seconds.
pub(crate) const TOKEN_SECONDS: i64 = 300;

/// Bytes of a body that arrive at once.
const PIECE: usize = 64 << 10;

/// The application, whose only caller is the local user.
pub(crate) struct TestApp {
    router: Router,
    pub(crate) clock: Arc<ManualClock>,
    /// Ends the process.
    pub(crate) stop: CancellationToken,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl TestApp {
    /// Before services that answer as `script` says. The local user may do everything.
    pub(crate) fn new(script: Script) -> Self {
        Self::with_scopes(script, &Scope::ALL)
    }

    /// The same, where the caller's token has only these scopes.
    pub(crate) fn with_scopes(script: Script, scopes: &[Scope]) -> Self {
        let services = sign_in(script, scopes).transport();
        let upstreams = Upstreams {
            accounts: services.clone(),
            images: services.clone(),
            inference: services.clone(),
            history: services,
        };
        let config = GatewayConfig::default();
        let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
        let stop = CancellationToken::new();
        let gateway = Gateway::new(&config, upstreams, clock.clone(), stop.clone());
        Self {
            router: router(gateway, &config, clock.clone()),
            clock,
            stop,
        }
    }

    /// Sends a request. Its body comes as the application sends it.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Response<Body> {
        let peer = Peer(IpAddr::V4(Ipv4Addr::LOCALHOST));
        request.extensions_mut().insert(peer);
        let answer = self.router.clone().oneshot(request).await;
        answer.expect("an answer")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).body(Body::empty());
        Answer::read(self.send(request.expect("a request")).await).await
    }

    pub(crate) async fn json(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()));
        Answer::read(self.send(request.expect("a request")).await).await
    }

    /// Posts a form. A field with a file name is a file.
    pub(crate) async fn form(
        &self,
        path: &str,
        fields: &[(&str, Option<&str>, &[u8])],
        key: Option<&str>,
    ) -> Answer {
        let mut body = Vec::new();
        for (name, filename, bytes) in fields {
            let filename = filename.map(|name| format!("; filename=\"{name}\""));
            let head = format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"{}\r\n\r\n",
                filename.unwrap_or_default()
            );
            body.extend(head.into_bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        // As it comes from a network.
        let pieces = body.chunks(PIECE).map(Bytes::copy_from_slice);
        let pieces: Vec<Result<Bytes, Infallible>> = pieces.map(Ok).collect();
        let request = request.body(Body::from_stream(stream::iter(pieces)));
        Answer::read(self.send(request.expect("a request")).await).await
    }
}

impl Answer {
    pub(crate) async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.into()).expect("text"),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// Of a problem: `400 INVALID_ARGUMENT /steps: must be …`, with the first field at fault.
    pub(crate) fn problem(&self) -> String {
        let body = self.json();
        let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let error = &body["errors"][0];
        let (pointer, detail) = (of(&error["pointer"]), of(&error["detail"]));
        let code = of(&body["code"]);
        format!("{} {code} {pointer}: {detail}", self.status.as_u16())
    }
}

/// accounts, as far as everyone needs it: it signs the local user in.
fn sign_in(script: Script, scopes: &[Scope]) -> Script {
    let document = SigningKey::generate().expect("a key");
    let key = SigningKey::from_pkcs8("k", &document).expect("a key");
    let user = User {
        id: UserId::LOCAL,
        role: Role::Admin,
        scopes: scopes.iter().copied().collect(),
        session: None,
    };
    let start = Timestamp::UNIX_EPOCH;
    let end = start + SignedDuration::from_secs(TOKEN_SECONDS);
    let claims = Claims::new(&Caller::User(user), start, end).expect("claims");
    let token = key.sign(&claims).expect("a token");
    let public = key.verification_key();
    let service = "/pupila.accounts.v1.AuthService";
    script
        .answer(
            &format!("{service}/SignInLocally"),
            move |_: accounts::SignInLocallyRequest| {
                Ok(accounts::SignInLocallyResponse {
                    access: Some(accounts::AccessToken {
                        token: token.clone(),
                        expire_time: Some(prost_types::Timestamp {
                            seconds: TOKEN_SECONDS,
                            nanos: 0,
                        }),
                    }),
                })
            },
        )
        .answer(
            &format!("{service}/ListKeys"),
            move |_: accounts::ListKeysRequest| {
                let key = accounts::VerificationKey {
                    id: public.id.clone(),
                    public_key: public.public_key.clone().into(),
                };
                Ok(accounts::ListKeysResponse { keys: vec![key] })
            },
        )
}
