//! Addresses that a user wants called.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use pupila_core::ErrorCode;
use pupila_proto::accounts::v1::{self as proto, resolve_route_response::Target};
use pupila_runtime::rpc::RpcError;
use serde_json::{Value, json};

use super::bell::{Bell, JOB, URL};
use crate::{
    api_keys::{create, exchange},
    fixtures::{Person, TestAccounts, call, reason, told},
    on_every_engine,
};

impl Bell {
    async fn hooks(&self, person: &Person) -> Vec<proto::Webhook> {
        let question = person.call(proto::ListWebhooksRequest {});
        let mut client = self.accounts.notifications.clone();
        let answer = told(client.list_webhooks(question).await);
        answer.expect("webhooks").webhooks
    }

    async fn unhook(&self, person: &Person, id: &str) -> Result<(), RpcError> {
        let id = id.to_owned();
        let message = person.call(proto::DeleteWebhookRequest { id });
        let mut client = self.accounts.notifications.clone();
        told(client.delete_webhook(message).await).map(drop)
    }
}

async fn the_secret_is_shown_once_and_signs_ever_after(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let (first, secret) = bell.hook(&ana, URL).await.expect("made");
    let (second, other) = bell.hook(&ana, URL).await.expect("one more");
    let key = secret.strip_prefix("whsec_").expect("a secret");
    let key = BASE64_STANDARD.decode(key).expect("base64");
    assert_eq!(key.len(), 32);
    assert_ne!(secret, other);
    assert_eq!(first.url, URL);
    assert_eq!(bell.hooks(&ana).await, [first.clone(), second]);
    let route = format!("webhook:{}", first.id);
    let answer = bell.resolve(&ana, &route).await.expect("it leads there");
    let url = URL.to_owned();
    let target = Target::Webhook(proto::WebhookTarget { url, secret });
    assert_eq!(answer.target, Some(target));
}

async fn a_webhook_is_its_owners(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let [ana, luis] = [
        bell.accounts.person("ana").await,
        bell.accounts.person("luis").await,
    ];
    let (hook, _) = bell.hook(&ana, URL).await.expect("made");
    assert!(bell.hooks(&luis).await.is_empty());
    bell.wants_all(&luis).await;
    let route = format!("webhook:{}", hook.id);
    assert_eq!(reason(bell.resolve(&luis, &route).await), "ROUTE_GONE");
    bell.drop_route(&luis, &route).await.expect("none of his");
    for id in [&*hook.id, JOB] {
        let refused = bell.unhook(&luis, id).await;
        assert_eq!(reason(refused), "WEBHOOK_NOT_FOUND");
    }
    assert_eq!(reason(bell.unhook(&ana, "x").await), "INVALID_ARGUMENT");
    bell.unhook(&ana, &hook.id).await.expect("deleted");
    let again = bell.unhook(&ana, &hook.id).await;
    assert_eq!(reason(again), "WEBHOOK_NOT_FOUND");
    assert!(bell.hooks(&ana).await.is_empty());
}

async fn a_key_sees_where_webhooks_lead_and_no_secret(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let urls = [
        "https://hooks.example.com:8443/secret?token=secret",
        "http://hooks.example.com",
    ];
    for url in urls {
        bell.hook(&ana, url).await.expect("made");
    }
    let key = create(&bell.accounts, &ana, &["account:read"]).await;
    let token = exchange(&bell.accounts, &key.expect("made").secret).await;
    let question = call(token.expect("traded"), None, proto::ListWebhooksRequest {});
    let mut client = bell.accounts.notifications.clone();
    let seen = told(client.list_webhooks(question).await).expect("webhooks");
    let seen: Vec<_> = seen.webhooks.into_iter().map(|hook| hook.url).collect();
    let origins = [
        "https://hooks.example.com:8443/…",
        "http://hooks.example.com/…",
    ];
    assert_eq!(seen, origins);
    assert_eq!(bell.hooks(&ana).await[0].url, urls[0]);
}

async fn ten_are_enough(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    for number in 0..10 {
        let url = format!("https://hooks.example.com/{number}");
        bell.hook(&ana, &url).await.expect("made");
    }
    let refused = bell.hook(&ana, URL).await.expect_err("one too many");
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(refused.reason, "TOO_MANY_WEBHOOKS");
    let oldest = bell.hooks(&ana).await[0].id.clone();
    bell.unhook(&ana, &oldest).await.expect("deleted");
    bell.hook(&ana, URL).await.expect("there is room");
}

async fn the_record_tells_where_things_go_and_no_secrets(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    let (hook, _) = bell.hook(&admin, URL).await.expect("made");
    bell.unhook(&admin, &hook.id).await.expect("deleted");
    let record = bell.accounts.record(&admin).await;
    let lines = record
        .iter()
        .filter(|entry| entry.action.starts_with("webhook."));
    let lines: Vec<_> = lines
        .map(|entry| {
            assert_eq!((&entry.actor, &entry.subject), (&admin.id, &hook.id));
            let detail: Value = serde_json::from_str(&entry.detail_json).expect("JSON");
            (&*entry.action, detail)
        })
        .collect();
    let host = json!({"host": "hooks.example.com"});
    let expected = [("webhook.deleted", json!({})), ("webhook.created", host)];
    assert_eq!(lines, expected);
}

async fn what_cannot_be_called_is_refused(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let huge = format!("https://example.com/{}", "a".repeat(100_000));
    for url in [
        "",
        "example.com",
        "ftp://example.com/",
        "https://ana:secret@example.com/",
        "https://example.com/#part",
        "https:// /",
        &huge,
    ] {
        let refused = bell.hook(&ana, url).await.expect_err(url);
        assert_eq!(refused.violations[0].field, "url", "{url:.60}");
        assert!(!refused.message.contains("secret"));
    }
    let (hook, _) = bell
        .hook(&ana, " http://MÜLLER.example:80 ")
        .await
        .expect("made");
    assert_eq!(hook.url, "http://xn--mller-kva.example/");
}

on_every_engine! {
    the_secret_is_shown_once_and_signs_ever_after,
    a_webhook_is_its_owners,
    a_key_sees_where_webhooks_lead_and_no_secret,
    ten_are_enough,
    the_record_tells_where_things_go_and_no_secrets,
    what_cannot_be_called_is_refused,
}
