//! The worker works for users who are away.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use metrics_exporter_prometheus::PrometheusBuilder;
use pupila_core::{Clock as _, UserId};
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::{identity::Credential, rpc::RpcError};
use serde_json::{Value, json};

use crate::{
    fixtures::{Person, TestAccounts, call, nobody, reason, told},
    on_every_engine,
    services::{service, with_services},
};

async fn act(
    accounts: &TestAccounts,
    credential: Credential,
    user_id: &str,
) -> Result<proto::AccessToken, RpcError> {
    let user_id = user_id.to_owned();
    let message = call(credential, None, proto::ActForUserRequest { user_id });
    let answer = told(accounts.auth.clone().act_for_user(message).await)?;
    Ok(answer.access.expect("a token"))
}

fn claims(token: &proto::AccessToken) -> Value {
    let claims = token.token.split('.').nth(1).expect("claims");
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).expect("base64url");
    serde_json::from_slice(&claims).expect("JSON")
}

async fn the_worker_gets_a_short_token_that_tells_who_acts(accounts: TestAccounts) {
    let accounts = with_services(&accounts).await;
    let admin = accounts.administrator().await;
    let worker = service(&accounts, "worker").await;
    let before = accounts.actions(&admin).await;
    let now = accounts.clock.now().as_second();
    let token = act(&accounts, worker, &admin.id).await.expect("a token");
    let claims = claims(&token);
    assert_eq!(claims["sub"], json!(admin.id));
    assert_eq!(claims["act"], json!({"sub": "worker"}));
    assert_eq!(claims["role"], json!("user"), "whoever the user is");
    assert_eq!(claims.get("sid"), None);
    assert_eq!(
        claims["scope"],
        "albums:read images:read images:write jobs:read models:read predictions:read predictions:write"
    );
    let end = claims["exp"].as_i64().expect("an end");
    assert!((299..=301).contains(&(end - now)), "{}", end - now);
    assert_eq!(token.expire_time.expect("an end").seconds, end);
    let after = accounts.actions(&admin).await;
    assert_eq!(before, after, "the record is of people");
}

async fn it_holds_no_longer_than_tokens_do(accounts: TestAccounts) {
    for (configured, held) in [(60, 60), (3600, 300)] {
        let change = |config: &mut pupila_accounts::AccountsConfig| {
            config.tokens.access_seconds = configured;
        };
        let accounts = with_services(&accounts.configured(change).await).await;
        let ana = format!("ana-{configured}");
        let ana = accounts.person(&ana).await;
        let worker = service(&accounts, "worker").await;
        let token = act(&accounts, worker, &ana.id).await.expect("a token");
        let claims = claims(&token);
        let seconds = |name: &str| claims[name].as_i64().expect("a time");
        assert!((held - 1..=held).contains(&(seconds("exp") - seconds("iat"))));
    }
}

async fn it_opens_no_account(accounts: TestAccounts) {
    let accounts = with_services(&accounts).await;
    let admin = accounts.administrator().await;
    let worker = service(&accounts, "worker").await;
    let token = act(&accounts, worker, &admin.id).await.expect("a token");
    let acting = Person {
        id: admin.id.clone(),
        tokens: proto::Tokens {
            access: Some(token),
            ..proto::Tokens::default()
        },
    };
    assert_eq!(reason(accounts.me(&acting).await), "SCOPE_MISSING");
    let key = acting.call(proto::CreateApiKeyRequest::default());
    let key = told(accounts.users.clone().create_api_key(key).await);
    assert_eq!(reason(key), "SCOPE_MISSING");
    let users = acting.call(proto::ListUsersRequest::default());
    let users = told(accounts.users.clone().list_users(users).await);
    assert_eq!(reason(users), "ADMIN_ONLY");
    let out = acting.call(proto::SignOutRequest {});
    let out = told(accounts.auth.clone().sign_out(out).await);
    assert_eq!(reason(out), "SCOPE_MISSING");
}

async fn it_outlives_the_session_that_asked_and_not_the_user(accounts: TestAccounts) {
    let accounts = with_services(&accounts).await;
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let out = ana.call(proto::SignOutRequest {});
    told(accounts.auth.clone().sign_out(out).await).expect("signed out");
    let worker = service(&accounts, "worker").await;
    let acting = act(&accounts, worker.clone(), &ana.id).await;
    acting.expect("she is only away");

    let mut change = proto::UpdateUserRequest {
        id: ana.id.clone(),
        blocked: Some(true),
        ..proto::UpdateUserRequest::default()
    };
    accounts
        .update_user(&admin, change.clone())
        .await
        .expect("blocked");
    let refused = act(&accounts, worker.clone(), &ana.id).await;
    assert_eq!(reason(refused), "ACCOUNT_BLOCKED");
    change.blocked = Some(false);
    accounts.update_user(&admin, change).await.expect("let in");
    let acting = act(&accounts, worker.clone(), &ana.id).await;
    acting.expect("she is back");

    let id = ana.id.clone();
    let delete = admin.call(proto::DeleteUserRequest { id });
    told(accounts.users.clone().delete_user(delete).await).expect("decided");
    let refused = act(&accounts, worker, &ana.id).await;
    assert_eq!(reason(refused), "USER_NOT_FOUND");
}

async fn nobody_else_may_act_for_anybody(accounts: TestAccounts) {
    let accounts = with_services(&accounts).await;
    let admin = accounts.administrator().await;
    for credential in [admin.access(), service(&accounts, "images").await] {
        let refused = act(&accounts, credential, &admin.id).await;
        assert_eq!(reason(refused), "PERMISSION_DENIED");
    }
    let refused = act(&accounts, Credential::NONE, &admin.id).await;
    assert_eq!(reason(refused), "UNAUTHENTICATED");

    let worker = service(&accounts, "worker").await;
    let nobody = "01890000-0000-7000-8000-000000000000";
    let refused = act(&accounts, worker.clone(), nobody).await;
    assert_eq!(reason(refused), "USER_NOT_FOUND");
    for id in ["", "me", &"a".repeat(10_000)] {
        let refused = act(&accounts, worker.clone(), id).await;
        assert_eq!(reason(refused), "INVALID_ARGUMENT");
    }
}

async fn the_local_user_is_worked_for_too(accounts: TestAccounts) {
    let local = |config: &mut pupila_accounts::AccountsConfig| config.local_user = true;
    let accounts = with_services(&accounts.configured(local).await).await;
    let sign_in = nobody(proto::SignInLocallyRequest {});
    told(accounts.auth.clone().sign_in_locally(sign_in).await).expect("signed in");
    let worker = service(&accounts, "worker").await;
    let token = act(&accounts, worker, &UserId::LOCAL.to_string()).await;
    assert_eq!(claims(&token.expect("a token"))["role"], json!("user"));
}

#[tokio::test]
async fn each_token_is_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    // The story is one thread.
    let _guard = metrics::set_default_local_recorder(&recorder);
    let accounts = with_services(&TestAccounts::sqlite().await).await;
    let admin = accounts.administrator().await;
    let worker = service(&accounts, "worker").await;
    for _ in 0..2 {
        let acting = act(&accounts, worker.clone(), &admin.id).await;
        acting.expect("a token");
    }
    let nobody = "01890000-0000-7000-8000-000000000000";
    let refused = act(&accounts, worker, nobody).await;
    assert_eq!(reason(refused), "USER_NOT_FOUND");
    let counted = recorder.handle().render();
    let line = "pupila_acting_tokens_total{service=\"worker\"} 2";
    assert!(counted.contains(line), "{counted}");
}

on_every_engine! {
    the_worker_gets_a_short_token_that_tells_who_acts,
    it_holds_no_longer_than_tokens_do,
    it_opens_no_account,
    it_outlives_the_session_that_asked_and_not_the_user,
    nobody_else_may_act_for_anybody,
    the_local_user_is_worked_for_too,
}
