//! Where routes lead, and that they end.

use pupila_proto::accounts::v1::{self as proto, resolve_route_response::Target};

use super::bell::{Bell, ENDPOINT, URL, job};
use crate::{
    fixtures::{Person, TestAccounts, email, reason, told},
    on_every_engine,
};

/// Somebody who wants everything, and their three routes.
async fn reachable(bell: &Bell, name: &str) -> (Person, Vec<String>) {
    let person = bell.accounts.person(name).await;
    bell.wants_all(&person).await;
    let endpoint = format!("{ENDPOINT}/{name}");
    bell.subscribe(&person, &endpoint)
        .await
        .expect("subscribed");
    bell.hook(&person, URL).await.expect("made");
    let routes = bell.ring(&person, "1", job("scans")).await.expect("told");
    assert_eq!(routes.len(), 3);
    (person, routes)
}

async fn an_email_goes_to_the_address_in_the_users_language(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let (ana, _) = reachable(&bell, "ana").await;
    let change = ana.call(proto::UpdateMeRequest {
        display_name: Some("Ana María".to_owned()),
        language: Some("es".to_owned()),
        expected_revision: None,
    });
    told(bell.accounts.users.clone().update_me(change).await).expect("changed");
    let answer = bell.resolve(&ana, "email").await.expect("it leads there");
    assert_eq!(
        (&*answer.language, &*answer.display_name),
        ("es", "Ana María")
    );
    let Some(Target::Email(target)) = answer.target else {
        panic!("to an address")
    };
    assert_eq!(target.address, email("ana"));
    assert_eq!(target.unsubscribe_token.len(), 64);
}

async fn a_route_ends_with_the_wish(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let (ana, routes) = reachable(&bell, "ana").await;
    let off = proto::UpdateNotificationSettingsRequest {
        email: Some(false),
        push: Some(false),
        webhook: Some(false),
        ..proto::UpdateNotificationSettingsRequest::default()
    };
    bell.set(&ana, off).await.expect("set");
    for route in &routes {
        assert_eq!(reason(bell.resolve(&ana, route).await), "ROUTE_GONE");
    }
    bell.wants_all(&ana).await;
    for route in &routes {
        bell.resolve(&ana, route).await.expect("wanted again");
    }
}

async fn a_route_ends_where_the_other_side_says_so(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    let (ana, routes) = reachable(&bell, "ana").await;
    for route in &routes {
        bell.drop_route(&ana, route).await.expect("dropped");
        bell.drop_route(&ana, route).await.expect("once more");
        assert_eq!(reason(bell.resolve(&ana, route).await), "ROUTE_GONE");
    }
    assert_eq!(bell.ring(&ana, "2", job("next")).await, Ok(vec![]));
    let settings = bell.settings(&ana).await.expect("settings");
    assert!(settings.push && settings.webhook && !settings.email);
    let record = bell.accounts.record(&admin).await;
    let line = record.iter().find(|line| line.action == "webhook.deleted");
    let line = line.expect("the record tells");
    assert_eq!(
        (&*line.actor, &*line.detail_json),
        ("", r#"{"cause":"gone"}"#)
    );
}

async fn a_route_ends_with_its_user(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    let (ana, routes) = reachable(&bell, "ana").await;
    let mut change = proto::UpdateUserRequest {
        id: ana.id.clone(),
        blocked: Some(true),
        ..proto::UpdateUserRequest::default()
    };
    for blocked in [true, false] {
        change.blocked = Some(blocked);
        let changed = bell.accounts.update_user(&admin, change.clone()).await;
        changed.expect("changed");
        for route in &routes {
            // Her session ended, and her browser with it.
            let gone = blocked || route.starts_with("push:");
            assert_eq!(bell.resolve(&ana, route).await.is_err(), gone);
        }
    }
    let id = ana.id.clone();
    let delete = admin.call(proto::DeleteUserRequest { id });
    told(bell.accounts.users.clone().delete_user(delete).await).expect("decided");
    for route in &routes {
        assert_eq!(reason(bell.resolve(&ana, route).await), "ROUTE_GONE");
        bell.drop_route(&ana, route).await.expect("nothing to drop");
    }
}

async fn what_is_no_route_is_refused(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    for route in [
        "",
        "sms",
        "push:",
        "push:1",
        "email:x",
        &"x".repeat(100_000),
    ] {
        let refused = bell.resolve(&ana, route).await.expect_err("none");
        assert_eq!(refused.violations[0].field, "route");
        let refused = bell.drop_route(&ana, route).await.expect_err("none");
        assert_eq!(refused.violations[0].field, "route");
    }
    let nobody = Person {
        id: "nobody".to_owned(),
        ..ana
    };
    let refused = bell.resolve(&nobody, "email").await.expect_err("no id");
    assert_eq!(refused.violations[0].field, "user_id");
}

on_every_engine! {
    an_email_goes_to_the_address_in_the_users_language,
    a_route_ends_with_the_wish,
    a_route_ends_where_the_other_side_says_so,
    a_route_ends_with_its_user,
    what_is_no_route_is_refused,
}
