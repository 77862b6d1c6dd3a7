//! A browser is told until the session ends in which it subscribed.

use futures_util::future::{join, join_all};
use pupila_proto::accounts::v1 as proto;

use super::bell::{Bell, ENDPOINT, job};
use crate::{
    fixtures::{PASSWORD, Person, TestAccounts, reason, told},
    on_every_engine,
};

const DAY: i64 = 24 * 60 * 60;

/// A browser of the person's, by name.
async fn browser(bell: &Bell, person: &Person, name: &str) -> String {
    let endpoint = format!("{ENDPOINT}/{name}");
    let made = bell.subscribe(person, &endpoint).await;
    format!("push:{}", made.expect("subscribed").id)
}

/// The browsers that hear of a job, the newest first.
async fn heard(bell: &Bell, person: &Person) -> Vec<String> {
    let told = bell.ring(person, "1", job("scans")).await;
    let mut routes = told.expect("told");
    routes.retain(|route| route.starts_with("push:"));
    routes
}

async fn sign_out(bell: &Bell, person: &Person) {
    let out = person.call(proto::SignOutRequest {});
    told(bell.accounts.auth.clone().sign_out(out).await).expect("signed out");
}

async fn who_signs_out_is_told_no_more_there(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let desk = bell.accounts.person("ana").await;
    let phone = bell.accounts.sign_in("ana").await.expect("signed in");
    let lost = bell.accounts.sign_in("ana").await.expect("signed in");
    bell.wants_all(&desk).await;
    let at_desk = browser(&bell, &desk, "desk").await;
    let on_phone = browser(&bell, &phone, "phone").await;
    let on_lost = browser(&bell, &lost, "lost").await;
    sign_out(&bell, &phone).await;
    assert_eq!(heard(&bell, &desk).await, [&*on_lost, &*at_desk]);
    let id = lost.session().to_owned();
    let revoke = desk.call(proto::RevokeSessionRequest { id });
    let revoked = bell.accounts.users.clone().revoke_session(revoke).await;
    told(revoked).expect("revoked");
    assert_eq!(heard(&bell, &desk).await, [&*at_desk]);
    for route in [&on_phone, &on_lost] {
        assert_eq!(reason(bell.resolve(&desk, route).await), "ROUTE_GONE");
    }
}

async fn a_browser_goes_with_the_session_that_renewed_it(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let first = bell.accounts.person("ana").await;
    bell.wants_all(&first).await;
    let before = browser(&bell, &first, "desk").await;
    let second = bell.accounts.sign_in("ana").await.expect("signed in");
    let after = browser(&bell, &second, "desk").await;
    assert_eq!(before, after);
    sign_out(&bell, &first).await;
    assert_eq!(heard(&bell, &second).await, [&*after]);
    let second = bell.accounts.refresh(&second).await.expect("refreshed");
    assert_eq!(heard(&bell, &second).await, [&*after], "the same session");
    sign_out(&bell, &second).await;
    assert!(heard(&bell, &second).await.is_empty());
}

async fn a_new_password_leaves_the_browser_that_changed_it(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let thief = bell.accounts.sign_in("ana").await.expect("signed in");
    bell.wants_all(&ana).await;
    browser(&bell, &thief, "thief").await;
    let hers = browser(&bell, &ana, "ana").await;
    let change = ana.call(proto::ChangePasswordRequest {
        current_password: PASSWORD.to_owned(),
        new_password: "another horse battery".to_owned(),
    });
    let changed = bell.accounts.users.clone().change_password(change).await;
    told(changed).expect("changed");
    assert_eq!(heard(&bell, &ana).await, [hers]);
}

async fn who_was_blocked_subscribes_anew(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    browser(&bell, &ana, "ana").await;
    for blocked in [true, false] {
        let change = proto::UpdateUserRequest {
            id: ana.id.clone(),
            blocked: Some(blocked),
            ..proto::UpdateUserRequest::default()
        };
        let changed = bell.accounts.update_user(&admin, change).await;
        changed.expect("changed");
    }
    assert!(heard(&bell, &ana).await.is_empty());
}

async fn a_stolen_or_forgotten_session_tells_no_browser(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let stolen = bell.accounts.person("ana").await;
    bell.wants_all(&stolen).await;
    browser(&bell, &stolen, "stolen").await;
    bell.accounts.refresh(&stolen).await.expect("refreshed");
    let reused = bell.accounts.refresh(&stolen).await;
    assert_eq!(reason(reused), "REFRESH_TOKEN_INVALID");
    assert!(heard(&bell, &stolen).await.is_empty());

    let forgotten = bell.accounts.sign_in("ana").await.expect("signed in");
    browser(&bell, &forgotten, "forgotten").await;
    bell.accounts.wait(31 * DAY);
    bell.accounts.housekeeping.tidy().await;
    let bell = Bell::start(&bell.accounts).await;
    assert!(heard(&bell, &forgotten).await.is_empty());
}

async fn no_browser_subscribes_while_its_session_ends(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let desk = bell.accounts.person("ana").await;
    bell.wants_all(&desk).await;
    for round in 0..10 {
        let phone = bell.accounts.sign_in("ana").await.expect("signed in");
        let endpoints = (0..4).map(|number| format!("{ENDPOINT}/{round}/{number}"));
        let endpoints = Vec::from_iter(endpoints);
        let claims = endpoints
            .iter()
            .map(|endpoint| bell.subscribe(&phone, endpoint));
        let (claimed, ()) = join(join_all(claims), sign_out(&bell, &phone)).await;
        for refused in claimed.into_iter().filter_map(Result::err) {
            assert_eq!(refused.reason, "SESSION_ENDED");
        }
        assert!(heard(&bell, &desk).await.is_empty(), "round {round}");
    }
}

on_every_engine! {
    who_signs_out_is_told_no_more_there,
    a_browser_goes_with_the_session_that_renewed_it,
    a_new_password_leaves_the_browser_that_changed_it,
    who_was_blocked_subscribes_anew,
    a_stolen_or_forgotten_session_tells_no_browser,
    no_browser_subscribes_while_its_session_ends,
}
