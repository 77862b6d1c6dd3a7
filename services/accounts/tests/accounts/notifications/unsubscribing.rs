//! The link in an e-mail ends them.

use pupila_core::ErrorCode;
use pupila_proto::accounts::v1::{self as proto, resolve_route_response::Target};

use super::bell::{Bell, job};
use crate::{
    fixtures::{Person, TestAccounts, reason, told},
    on_every_engine,
};

/// The token of the link in somebody's next e-mail.
async fn link(bell: &Bell, person: &Person) -> String {
    let answer = bell.resolve(person, "email").await.expect("it leads there");
    match answer.target {
        Some(Target::Email(target)) => target.unsubscribe_token,
        other => panic!("to an address: {other:?}"),
    }
}

async fn a_link_ends_emails_and_nothing_else(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let old = link(&bell, &ana).await;
    let before = bell.settings(&ana).await.expect("settings");
    assert_eq!(bell.unsubscribe(&old).await, Ok("en".to_owned()));
    let after = bell.settings(&ana).await.expect("settings");
    let expected = proto::NotificationSettings {
        email: false,
        revision: before.revision + 1,
        ..before
    };
    assert_eq!(after, expected);
    assert_eq!(bell.unsubscribe(&old).await, Ok("en".to_owned()));
    assert_eq!(bell.settings(&ana).await, Ok(expected), "nothing more");

    let routes = bell.ring(&ana, "1", job("scans")).await;
    assert_eq!(routes, Ok(vec![]));
}

async fn the_oldest_link_works_and_is_for_good(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let old = link(&bell, &ana).await;
    let email = |email| proto::UpdateNotificationSettingsRequest {
        email: Some(email),
        in_app: Some(false),
        ..proto::UpdateNotificationSettingsRequest::default()
    };
    // Whoever switches them off and on by themself may do so; the link counts while they are off, too.
    for wish in [false, true, false] {
        bell.set(&ana, email(wish)).await.expect("her own wish");
    }
    bell.accounts.wait(10 * 365 * 24 * 60 * 60);
    let bell = Bell::start(&bell.accounts).await;
    let ana = bell.accounts.sign_in("ana").await.expect("signed in");
    bell.unsubscribe(&old).await.expect("years later");
    let before = bell.settings(&ana).await;
    let refused = bell.set(&ana, email(true)).await.expect_err("stopped");
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(refused.reason, "EMAIL_STOPPED");
    assert_eq!(bell.settings(&ana).await, before, "nothing of it was done");
    bell.set(&ana, email(false))
        .await
        .expect("the rest changes");
    let refused = bell.set(&ana, email(true)).await;
    assert_eq!(reason(refused), "EMAIL_STOPPED");
}

async fn a_link_is_of_one_user_and_cannot_be_guessed(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let [ana, luis] = [
        bell.accounts.person("ana").await,
        bell.accounts.person("luis").await,
    ];
    bell.wants_all(&ana).await;
    bell.wants_all(&luis).await;
    let (hers, his) = (link(&bell, &ana).await, link(&bell, &luis).await);
    let mixed = format!("{}{}", &hers[..22], &his[22..]);
    let huge = "A".repeat(100_000);
    for token in [
        "",
        "nonsense",
        &mixed,
        &hers[..63],
        &huge,
        &format!("{hers}A"),
    ] {
        let refused = bell.unsubscribe(token).await;
        assert_eq!(reason(refused), "UNSUBSCRIBE_TOKEN_UNKNOWN");
    }
    bell.unsubscribe(&hers).await.expect("hers");
    let settings = bell.settings(&luis).await.expect("settings");
    assert!(settings.email, "not concerned");
}

async fn a_link_works_for_who_is_out(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let token = link(&bell, &ana).await;
    let mut change = proto::UpdateUserRequest {
        id: ana.id.clone(),
        blocked: Some(true),
        ..proto::UpdateUserRequest::default()
    };
    bell.accounts
        .update_user(&admin, change.clone())
        .await
        .expect("blocked");
    bell.unsubscribe(&token).await.expect("she may say so");
    change.blocked = Some(false);
    bell.accounts
        .update_user(&admin, change)
        .await
        .expect("let in");
    assert_eq!(reason(bell.resolve(&ana, "email").await), "ROUTE_GONE");

    let id = ana.id.clone();
    let delete = admin.call(proto::DeleteUserRequest { id });
    told(bell.accounts.users.clone().delete_user(delete).await).expect("decided");
    bell.unsubscribe(&token).await.expect("it ended with her");
}

on_every_engine! {
    a_link_ends_emails_and_nothing_else,
    the_oldest_link_works_and_is_for_good,
    a_link_is_of_one_user_and_cannot_be_guessed,
    a_link_works_for_who_is_out,
}
