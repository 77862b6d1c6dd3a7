//! Making keys, and looking at them.

use pupila_core::{Clock as _, ErrorCode};
use pupila_proto::accounts::v1 as proto;

use super::{create, exchange, list, make, request, revoke};
use crate::{
    fixtures::{TestAccounts, reason, told},
    on_every_engine,
};

async fn the_list_tells_when_a_key_was_used(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let key = create(&accounts, &ana, &["images:read"])
        .await
        .expect("made");
    assert_eq!(list(&accounts, &ana).await[0].last_use_time, None);
    accounts.wait(130);
    for _ in 0..3 {
        exchange(&accounts, &key.secret).await.expect("traded");
        accounts.wait(5);
    }
    let listed = list(&accounts, &ana).await;
    let used = listed[0].last_use_time.expect("used");
    assert_eq!((used.seconds % 60, used.nanos), (0, 0));
    let age = accounts.clock.now().as_second() - used.seconds;
    assert!((15..75).contains(&age), "{age}");
}

async fn keys_are_listed_for_their_owner_alone(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        accounts.wait(1);
        let key = create(&accounts, &ana, &["images:read"])
            .await
            .expect("made");
        ids.insert(0, key.api_key.expect("a key").id);
    }
    let listed = list(&accounts, &ana).await;
    assert_eq!(
        listed.iter().map(|key| &key.id).collect::<Vec<_>>(),
        ids.iter().collect::<Vec<_>>()
    );
    assert!(list(&accounts, &admin).await.is_empty());
    assert_eq!(
        reason(revoke(&accounts, &admin, &ids[0]).await),
        "API_KEY_NOT_FOUND"
    );
}

async fn a_repeated_creation_does_not_make_a_second_key(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let named = |name: &str, key: &str| proto::CreateApiKeyRequest {
        name: name.to_owned(),
        idempotency_key: key.to_owned(),
        ..request(&["images:read"])
    };
    make(&accounts, &ana, named("a", "once"))
        .await
        .expect("made");
    let again = make(&accounts, &ana, named("a", "once"))
        .await
        .expect_err("made already");
    assert_eq!(
        (again.code, &*again.reason),
        (ErrorCode::Conflict, "ALREADY_CREATED")
    );
    let other = make(&accounts, &ana, named("b", "once")).await;
    assert_eq!(reason(other), "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(list(&accounts, &ana).await.len(), 1);
    // Names are each user's own.
    make(&accounts, &admin, named("a", "once"))
        .await
        .expect("somebody else's");
    let bad = make(&accounts, &ana, named("a", "with space"))
        .await
        .expect_err("not visible");
    assert_eq!(bad.violations[0].field, "idempotency_key");
}

async fn who_is_signed_out_makes_no_key_with_an_old_token(accounts: TestAccounts) {
    let phone = accounts.administrator().await;
    let laptop = accounts.sign_in("admin").await.expect("signed in");
    let end = laptop.call(proto::RevokeSessionRequest {
        id: phone.session().to_owned(),
    });
    told(accounts.users.clone().revoke_session(end).await).expect("ended");
    let refused = create(&accounts, &phone, &["images:read"])
        .await
        .expect_err("signed out");
    assert_eq!(refused.code, ErrorCode::Unauthenticated);
    assert_eq!(refused.reason, "SESSION_ENDED");
    assert_eq!(list(&accounts, &laptop).await, []);
    create(&accounts, &laptop, &["images:read"])
        .await
        .expect("another session");
}

async fn there_is_an_end_to_keys(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    for _ in 0..100 {
        create(&accounts, &ana, &["images:read"])
            .await
            .expect("made");
    }
    let refused = create(&accounts, &ana, &["images:read"])
        .await
        .expect_err("too many");
    assert_eq!(
        (refused.code, &*refused.reason),
        (ErrorCode::Conflict, "TOO_MANY_API_KEYS")
    );
}

on_every_engine! {
    the_list_tells_when_a_key_was_used,
    keys_are_listed_for_their_owner_alone,
    a_repeated_creation_does_not_make_a_second_key,
    who_is_signed_out_makes_no_key_with_an_old_token,
    there_is_an_end_to_keys,
}
