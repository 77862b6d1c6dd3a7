//! Every route of the HTTP API.

use std::collections::BTreeSet;

use pupila_tests::{Api, File, Pupila, Shape};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    callers::Who,
    world::{People, Things},
};

/// What each caller gets, in the order of [`Who::ALL`]:
/// nobody, expired, misdirected, reader, stranger, guest, admin, owner.
type Expected = [u16; 8];

/// What a route is called with.
enum Body {
    None,
    Json(fn(&Things) -> Value),
    File,
}
use Body::{File as Upload, Json, None as Empty};

/// For everyone, token or not.
const OPEN: Expected = [200; 8];

#[rustfmt::skip]
const TABLE: &[(&str, Body, Expected)] = &[
    // Open: no token is looked at.
    ("GET /health", Empty, OPEN),
    ("GET /.well-known/jwks.json", Empty, OPEN),
    ("POST /v1/auth/register", Json(|_| json!({"email": "new@example.org", "password": "correct horse battery", "display_name": "New"})),
        [202; 8]),
    ("POST /v1/auth/login", Json(|_| json!({"email": "nobody@example.org", "password": "wrong horse battery"})),
        [401; 8]),
    ("POST /v1/auth/refresh", Json(|_| json!({"refresh_token": "made up"})), [401; 8]),
    ("POST /v1/links:open", Json(|things| json!({"token": things.link_token()})), OPEN),

    // One's own account. Everyone has one, so a stranger gets their own.
    ("GET /v1/me", Empty,                [401, 401, 401, 200, 200, 403, 200, 200]),
    ("PATCH /v1/me", Json(|_| json!({"display_name": "Somebody"})),
                                         [401, 401, 401, 403, 200, 403, 200, 200]),
    ("DELETE /v1/me", Json(|_| json!({"password": "wrong horse battery"})),
                                         [401, 401, 401, 403, 403, 403, 403, 403]),
    ("PUT /v1/me/password", Json(|_| json!({"current_password": "wrong horse battery", "new_password": "staple battery horse"})),
                                         [401, 401, 401, 403, 403, 403, 403, 403]),
    ("GET /v1/me/usage", Empty,          [401, 401, 401, 200, 200, 403, 200, 200]),
    ("PUT /v1/me/avatar", Upload,        [401, 401, 401, 403, 200, 403, 200, 200]),
    ("GET /v1/me/avatar", Empty,         [401, 401, 401, 200, 200, 403, 200, 200]),
    ("DELETE /v1/me/avatar", Empty,      [401, 401, 401, 403, 204, 403, 204, 204]),
    ("GET /v1/me/api-keys", Empty,       [401, 401, 401, 200, 200, 403, 200, 200]),
    ("POST /v1/me/api-keys", Json(|_| json!({"name": "k", "scopes": ["images:read"]})),
                                         [401, 401, 401, 403, 201, 403, 201, 201]),
    ("DELETE /v1/me/api-keys/{id}", Empty,
                                         [401, 401, 401, 403, 404, 403, 404, 204]),
    ("GET /v1/auth/sessions", Empty,     [401, 401, 401, 200, 200, 403, 200, 200]),
    ("DELETE /v1/auth/sessions/{id}", Empty,
                                         [401, 401, 401, 403, 404, 403, 404, 204]),

    // Images.
    ("POST /v1/images", Upload,          [401, 401, 401, 403, 201, 403, 201, 201]),
    ("GET /v1/images", Empty,            [401, 401, 401, 200, 200, 403, 200, 200]),
    ("GET /v1/images/{id}", Empty,       [401, 401, 401, 200, 404, 200, 404, 200]),
    ("PATCH /v1/images/{id}", Json(|_| json!({"description": "A chest"})),
                                         [401, 401, 401, 403, 404, 403, 404, 200]),
    ("GET /v1/images/{id}/content", Empty,
                                         [401, 401, 401, 200, 404, 200, 404, 200]),
    ("GET /v1/images/{id}/rendition", Empty,
                                         [401, 401, 401, 200, 404, 200, 404, 200]),
    // The caller's own predictions: a stranger's image has none.
    ("GET /v1/images/{id}/predictions", Empty,
                                         [401, 401, 401, 200, 200, 403, 200, 200]),
    ("DELETE /v1/images/{id}", Empty,    [401, 401, 401, 403, 404, 403, 404, 204]),

    // Albums.
    ("POST /v1/albums", Json(|_| json!({"name": "Winter"})),
                                         [401, 401, 401, 403, 201, 403, 201, 201]),
    ("GET /v1/albums", Empty,            [401, 401, 401, 200, 200, 403, 200, 200]),
    ("GET /v1/albums/{id}", Empty,       [401, 401, 401, 200, 404, 200, 404, 200]),
    ("PATCH /v1/albums/{id}", Json(|_| json!({"name": "Autumn"})),
                                         [401, 401, 401, 403, 404, 403, 404, 200]),
    ("GET /v1/albums/{id}/images", Empty,
                                         [401, 401, 401, 200, 404, 200, 404, 200]),
    ("POST /v1/albums/{id}/images", Json(|things| json!({"image_ids": [things.image()]})),
                                         [401, 401, 401, 403, 404, 403, 404, 200]),
    ("PATCH /v1/albums/{id}/images/{image_id}", Json(|_| json!({"after": null})),
                                         [401, 401, 401, 403, 404, 403, 404, 204]),
    ("GET /v1/albums/{id}/archive", Empty,
                                         [401, 401, 401, 200, 404, 200, 404, 200]),
    ("GET /v1/albums/{id}/members", Empty,
                                         [401, 401, 401, 200, 404, 403, 404, 200]),
    ("POST /v1/albums/{id}/members", Json(|_| json!({"email": "eva@example.org", "role": "editor"})),
                                         [401, 401, 401, 403, 404, 403, 404, 201]),
    ("DELETE /v1/albums/{id}/members/{member_id}", Empty,
                                         [401, 401, 401, 403, 404, 403, 404, 204]),
    ("GET /v1/albums/{id}/links", Empty, [401, 401, 401, 200, 404, 403, 404, 200]),
    ("POST /v1/albums/{id}/links", Json(|_| json!({})),
                                         [401, 401, 401, 403, 404, 403, 404, 201]),
    ("DELETE /v1/albums/{id}/links/{link_id}", Empty,
                                         [401, 401, 401, 403, 404, 403, 404, 204]),
    ("DELETE /v1/albums/{id}/images/{image_id}", Empty,
                                         [401, 401, 401, 403, 404, 403, 404, 204]),
    ("DELETE /v1/albums/{id}", Empty,    [401, 401, 401, 403, 404, 403, 404, 204]),

    // Predictions.
    ("POST /predict", Upload,            [401, 401, 401, 403, 200, 403, 200, 200]),
    ("POST /v1/predictions", Json(|things| json!({"image_id": things.image()})),
                                         [401, 401, 401, 403, 404, 403, 404, 201]),
    ("GET /v1/predictions", Empty,       [401, 401, 401, 200, 200, 403, 200, 200]),
    ("GET /v1/predictions/{id}", Empty,  [401, 401, 401, 200, 404, 403, 404, 200]),
    ("POST /v1/predictions/{id}/review", Json(|_| json!({"verdict": "agree"})),
                                         [401, 401, 401, 403, 404, 403, 404, 200]),
    ("POST /v1/predictions/{id}:replay", Json(|_| json!({"parameters": {"threshold": 0.5}})),
                                         [401, 401, 401, 403, 404, 403, 404, 201]),
    ("GET /v1/predictions:export", Empty,
                                         [401, 401, 401, 200, 200, 403, 200, 200]),
    ("GET /v1/predictions:stats", Empty, [401, 401, 401, 200, 200, 403, 200, 200]),

    // Jobs. The owner's has ended well, so there is nothing to call off and nothing to do again.
    ("GET /v1/operations", Empty,        [401, 401, 401, 200, 200, 403, 200, 200]),
    ("POST /v1/jobs", Json(|things| json!({"image_ids": [things.image()], "steps": [{"operation": "grayscale"}]})),
                                         [401, 401, 401, 403, 404, 403, 404, 201]),
    ("GET /v1/jobs", Empty,              [401, 401, 401, 200, 200, 403, 200, 200]),
    ("GET /v1/jobs/{id}", Empty,         [401, 401, 401, 200, 404, 403, 404, 200]),
    ("GET /v1/jobs/{id}/items", Empty,   [401, 401, 401, 200, 404, 403, 404, 200]),
    ("GET /v1/jobs/{id}/report", Empty,  [401, 401, 401, 200, 404, 403, 404, 200]),
    ("GET /v1/jobs/{id}/archive", Empty, [401, 401, 401, 200, 404, 403, 404, 200]),
    ("GET /v1/jobs/{id}/events", Empty,  [401, 401, 401, 200, 404, 403, 404, 200]),
    ("GET /v1/events", Empty,            [401, 401, 401, 200, 200, 403, 200, 200]),
    ("POST /v1/jobs/{id}:cancel", Empty, [401, 401, 401, 403, 404, 403, 404, 409]),
    ("POST /v1/jobs/{id}:retry", Empty,  [401, 401, 401, 403, 404, 403, 404, 409]),

    // What one is told.
    ("GET /v1/notifications/push-key", Empty, OPEN),
    ("GET /v1/notifications", Empty,     [401, 401, 401, 200, 200, 403, 200, 200]),
    ("POST /v1/notifications:read", Json(|_| json!({})),
                                         [401, 401, 401, 403, 204, 403, 204, 204]),
    ("GET /v1/me/notifications", Empty,  [401, 401, 401, 200, 200, 403, 200, 200]),
    ("PATCH /v1/me/notifications", Json(|_| json!({"only_failures": true})),
                                         [401, 401, 401, 403, 200, 403, 200, 200]),
    ("GET /v1/me/push-subscriptions", Empty,
                                         [401, 401, 401, 200, 200, 403, 200, 200]),
    ("POST /v1/me/push-subscriptions", Json(|_| subscription(ENDPOINT)),
                                         [401, 401, 401, 403, 201, 403, 201, 201]),
    ("DELETE /v1/me/push-subscriptions", Json(|_| json!({"endpoint": ENDPOINT})),
                                         [401, 401, 401, 403, 204, 403, 204, 204]),
    ("DELETE /v1/me/push-subscriptions/{id}", Empty,
                                         [401, 401, 401, 403, 404, 403, 404, 204]),
    ("GET /v1/me/webhooks", Empty,       [401, 401, 401, 200, 200, 403, 200, 200]),
    ("POST /v1/me/webhooks", Json(|_| json!({"url": "https://hooks.example.org"})),
                                         [401, 401, 401, 403, 201, 403, 201, 201]),
    ("DELETE /v1/me/webhooks/{id}", Empty,
                                         [401, 401, 401, 403, 404, 403, 404, 204]),

    // Models.
    ("GET /v1/models", Empty,            [401, 401, 401, 200, 200, 200, 200, 200]),
    ("GET /v1/models/{name}", Empty,     [401, 401, 401, 200, 200, 403, 200, 200]),
    ("GET /v1/models/{name}/versions/{version}", Empty,
                                         [401, 401, 401, 200, 200, 403, 200, 200]),
    ("POST /v1/models/{name}:unload", Empty,
                                         [401, 401, 401, 403, 403, 403, 200, 403]),
    ("POST /v1/models/{name}:load", Empty,
                                         [401, 401, 401, 403, 403, 403, 200, 403]),

    // Administration.
    ("GET /v1/admin/users", Empty,       [401, 401, 401, 403, 403, 403, 200, 403]),
    ("POST /v1/admin/users", Json(|_| json!({"email": "made@example.org", "password": "correct horse battery", "display_name": "Made"})),
                                         [401, 401, 401, 403, 403, 403, 201, 403]),
    ("GET /v1/admin/users/{id}", Empty,  [401, 401, 401, 403, 403, 403, 200, 403]),
    ("PATCH /v1/admin/users/{id}", Json(|_| json!({"quota_bytes": 1_000_000_000})),
                                         [401, 401, 401, 403, 403, 403, 200, 403]),
    ("GET /v1/admin/queue", Empty,       [401, 401, 401, 403, 403, 403, 200, 403]),
    ("GET /v1/admin/audit", Empty,       [401, 401, 401, 403, 403, 403, 200, 403]),
    ("POST /v1/admin/storage:sweep", Empty,
                                         [401, 401, 401, 403, 403, 403, 200, 403]),

    // At the end, because they end what the others are done with.
    ("DELETE /v1/admin/users/{id}", Empty,
                                         [401, 401, 401, 403, 403, 403, 202, 403]),
    ("POST /v1/auth/logout", Empty,      [401, 401, 401, 403, 204, 403, 204, 204]),
];

/// Where a push service takes messages for a browser.
const ENDPOINT: &str = "https://push.example.org/1";

/// A browser whose key is the base point of P-256 (SEC 2, section 2.4.2).
pub(crate) fn subscription(endpoint: &str) -> Value {
    let point =
        "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
    let keys = json!({"p256dh": point, "auth": "CQkJCQkJCQkJCQkJCQkJCQ"});
    json!({"endpoint": endpoint, "keys": keys})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_everyone_as_the_table_says() {
    // Everybody comes from this machine and guesses passwords.
    let app = Pupila::of(Shape::Standalone).with_accounts().start().await;
    let people = People::gather(&app).await;
    let mut differences = Vec::new();
    let mut things = Things::of(&people).await;
    for (number, (route, body, expected)) in TABLE.iter().enumerate() {
        let (method, path) = route.split_once(' ').expect("a method and a path");
        let address = things.address(&people, path);
        for (who, expected) in Who::ALL.into_iter().zip(expected) {
            let caller = people.caller(who, &things);
            let request = request(&caller, method, &address, body, &things);
            let answer = caller.send(request).await;
            if answer.status != *expected {
                differences.push(format!(
                    "{route} as {who}: {} instead of {expected}: {}",
                    answer.status,
                    answer.text()
                ));
            }
        }
        // Without its model nothing is predicted: the row after that loads it again.
        if number + 1 < TABLE.len() && !route.ends_with(":unload") {
            things = Things::of(&people).await;
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn request(
    caller: &Api,
    method: &str,
    address: &str,
    body: &Body,
    things: &Things,
) -> RequestBuilder {
    let method: Method = method.parse().expect("a method");
    match body {
        Body::None => caller.request(method, address),
        Body::Json(make) => caller.request(method, address).json(&make(things)),
        Body::File => caller.form(method, address, &File::x_ray()),
    }
}

#[tokio::test]
async fn every_route_has_a_row() {
    let app = Pupila::of(Shape::Standalone).start().await;
    let document = app.get("/openapi.json").await.ok();
    let paths = document["paths"].as_object().expect("paths");
    let routes: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let rows: BTreeSet<String> = TABLE
        .iter()
        .map(|(route, ..)| (*route).to_owned())
        .collect();
    assert_eq!(rows, routes);
}
