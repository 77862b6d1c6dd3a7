//! What a key opens, and when it ends.

use jiff::SignedDuration;
use pupila_core::{Clock as _, ErrorCode};
use pupila_proto::accounts::v1 as proto;

use super::{create, exchange, make, request, revoke};
use crate::{
    fixtures::{TestAccounts, call, reason, told},
    on_every_engine,
};

async fn a_key_opens_what_its_scopes_say(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let reader = create(&accounts, &ana, &["images:read", "account:read"])
        .await
        .expect("made");
    assert!(reader.secret.starts_with("pupila_"), "it says what it is");
    let key = reader.api_key.expect("a key");
    assert_eq!(key.prefix, reader.secret[..12]);
    assert_eq!(key.scopes, ["account:read", "images:read"]);

    let token = exchange(&accounts, &reader.secret).await.expect("traded");
    let mut users = accounts.users.clone();
    let me = told(
        users
            .get_me(call(token.clone(), None, proto::GetMeRequest {}))
            .await,
    );
    assert_eq!(me.expect("in").user.expect("a user").id, ana.id);
    let update = call(token.clone(), None, proto::UpdateMeRequest::default());
    assert_eq!(reason(told(users.update_me(update).await)), "SCOPE_MISSING");
    let list = call(token, None, proto::ListUsersRequest::default());
    assert_eq!(reason(told(users.list_users(list).await)), "ADMIN_ONLY");

    let entry = &accounts.record(&admin).await[0];
    assert_eq!(
        (entry.action.as_str(), entry.subject.as_str()),
        ("api_key.created", &*key.id)
    );
    assert!(!entry.detail_json.contains(&reader.secret));
}

async fn a_key_gets_no_more_than_its_owner_may(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let writer = create(&accounts, &ana, &["account:write"])
        .await
        .expect_err("never a key's");
    assert_eq!(writer.code, ErrorCode::InvalidArgument);
    assert_eq!(writer.violations[0].field, "scopes");
    let ruler = create(&accounts, &ana, &["admin"])
        .await
        .expect_err("no administrator");
    assert_eq!(ruler.violations[0].field, "scopes");

    let key = create(&accounts, &admin, &["admin", "account:read"])
        .await
        .expect("made");
    let list = async |token| {
        let call = call(token, None, proto::ListUsersRequest::default());
        told(accounts.users.clone().list_users(call).await)
    };
    let token = exchange(&accounts, &key.secret).await.expect("traded");
    list(token).await.expect("an administrator's key");

    // Somebody else administers now.
    for (id, role) in [
        (&ana.id, proto::Role::Admin),
        (&admin.id, proto::Role::User),
    ] {
        let change = proto::UpdateUserRequest {
            id: id.clone(),
            role: Some(role.into()),
            ..proto::UpdateUserRequest::default()
        };
        accounts.update_user(&admin, change).await.expect("changed");
    }
    let token = exchange(&accounts, &key.secret).await.expect("still a key");
    assert_eq!(reason(list(token).await), "ADMIN_ONLY");
}

async fn a_key_ends_when_it_says_or_when_its_owner_says(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let end = accounts.clock.now() + SignedDuration::from_mins(10);
    let brief = proto::CreateApiKeyRequest {
        expire_time: Some(prost_types::Timestamp {
            seconds: end.as_second(),
            nanos: end.subsec_nanosecond(),
        }),
        ..request(&["images:read"])
    };
    let brief = make(&accounts, &ana, brief).await.expect("made");
    let lasting = create(&accounts, &ana, &["images:read"])
        .await
        .expect("made");
    accounts.wait(599);
    exchange(&accounts, &brief.secret)
        .await
        .expect("not yet over");
    accounts.wait(1);
    assert_eq!(
        reason(exchange(&accounts, &brief.secret).await),
        "API_KEY_INVALID"
    );

    let ana = accounts.refresh(&ana).await.expect("refreshed");
    exchange(&accounts, &lasting.secret)
        .await
        .expect("it lasts");
    let id = lasting.api_key.expect("a key").id;
    revoke(&accounts, &ana, &id).await.expect("ended");
    assert_eq!(
        reason(exchange(&accounts, &lasting.secret).await),
        "API_KEY_INVALID"
    );
    assert_eq!(
        reason(revoke(&accounts, &ana, &id).await),
        "API_KEY_NOT_FOUND"
    );
}

async fn a_key_sleeps_while_its_owner_is_blocked(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let key = create(&accounts, &ana, &["images:read"])
        .await
        .expect("made");
    let block = |blocked| proto::UpdateUserRequest {
        id: ana.id.clone(),
        blocked: Some(blocked),
        ..proto::UpdateUserRequest::default()
    };
    accounts
        .update_user(&admin, block(true))
        .await
        .expect("blocked");
    assert_eq!(
        reason(exchange(&accounts, &key.secret).await),
        "API_KEY_INVALID"
    );
    assert_eq!(
        reason(create(&accounts, &ana, &["images:read"]).await),
        "ACCOUNT_ENDED"
    );
    accounts
        .update_user(&admin, block(false))
        .await
        .expect("let in");
    exchange(&accounts, &key.secret)
        .await
        .expect("it works again");
}

async fn what_is_no_key_opens_nothing(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let key = create(&accounts, &ana, &["images:read"])
        .await
        .expect("made")
        .secret;
    let refresh = &ana.tokens.refresh_token;
    for text in [
        "",
        "pupila_",
        "nonsense",
        &key[1..],
        &format!("{key}A"),
        refresh,
    ] {
        let refused = exchange(&accounts, text).await.expect_err(text);
        assert_eq!(refused.code, ErrorCode::Unauthenticated);
        assert_eq!(refused.reason, "API_KEY_INVALID");
    }
}

on_every_engine! {
    a_key_opens_what_its_scopes_say,
    a_key_gets_no_more_than_its_owner_may,
    a_key_ends_when_it_says_or_when_its_owner_says,
    a_key_sleeps_while_its_owner_is_blocked,
    what_is_no_key_opens_nothing,
}
