//! What happens at the same time.

use futures_util::future::{join, join_all};
use pupila_proto::accounts::v1 as proto;

use super::bell::{Bell, ENDPOINT, URL, job};
use crate::{
    fixtures::{TestAccounts, told},
    on_every_engine,
};

async fn one_event_told_by_many_at_once_is_one(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let other = Bell::start(&bell.accounts).await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let telling = (0..16).map(|number| {
        let bell = if number % 2 == 0 { &bell } else { &other };
        bell.ring(&ana, "job:1", job("scans"))
    });
    for routes in join_all(telling).await {
        assert_eq!(routes, Ok(vec!["email".to_owned()]));
    }
    assert_eq!(bell.names(&ana).await, ["scans"]);
}

async fn a_browser_that_many_claim_at_once_is_one_users(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let mut people = Vec::new();
    for name in ["ana", "luis", "eva", "juan"] {
        let person = bell.accounts.person(name).await;
        bell.wants_all(&person).await;
        people.push(person);
    }
    for round in 0..5 {
        let endpoint = format!("{ENDPOINT}/{round}");
        let claims = people.iter().chain(&people);
        let claims = claims.map(|person| bell.subscribe(person, &endpoint));
        let claimed = join_all(claims).await;
        let ids: Vec<_> = claimed
            .into_iter()
            .map(|claim| claim.expect("subscribed").id)
            .collect();
        let mut owners = 0;
        for person in &people {
            for id in &ids {
                let route = format!("push:{id}");
                owners += usize::from(bell.resolve(person, &route).await.is_ok());
            }
        }
        // Who claimed it twice in a row has one id twice.
        assert!((1..=2).contains(&owners), "round {round}: {owners}");
    }
    let mut routes = 0;
    for person in &people {
        let told = bell.ring(person, "1", job("scans")).await.expect("told");
        routes += told
            .iter()
            .filter(|route| route.starts_with("push"))
            .count();
    }
    assert_eq!(routes, 5, "each browser is one user's");
}

async fn limits_hold_for_all_at_once(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let made = join_all((0..16).map(|_| bell.hook(&ana, URL))).await;
    let refused: Vec<_> = made.into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 6);
    assert!(
        refused
            .iter()
            .all(|error| error.reason == "TOO_MANY_WEBHOOKS")
    );
}

async fn no_change_of_settings_is_lost(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let change = |seconds| proto::UpdateNotificationSettingsRequest {
        minimum_seconds: Some(seconds),
        ..proto::UpdateNotificationSettingsRequest::default()
    };
    let changes = (1..=20).map(|seconds| bell.set(&ana, change(seconds)));
    let mut revisions: Vec<_> = join_all(changes)
        .await
        .into_iter()
        .map(|settings| settings.expect("set").revision)
        .collect();
    revisions.sort_unstable();
    assert_eq!(revisions, Vec::from_iter(2..=21));
    let conditional = |seconds| proto::UpdateNotificationSettingsRequest {
        expected_revision: Some(21),
        ..change(seconds)
    };
    let changes = (1..=8).map(|seconds| bell.set(&ana, conditional(seconds)));
    let changed = join_all(changes).await;
    assert_eq!(changed.iter().filter(|change| change.is_ok()).count(), 1);
}

async fn a_link_is_not_undone_by_a_change_beside_it(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    for round in 0..10 {
        let ana = bell.accounts.person(&format!("ana-{round}")).await;
        bell.wants_all(&ana).await;
        let answer = bell.resolve(&ana, "email").await.expect("wanted");
        let Some(proto::resolve_route_response::Target::Email(target)) = answer.target else {
            panic!("to an address")
        };
        let quiet = proto::UpdateNotificationSettingsRequest {
            minimum_seconds: Some(round),
            ..proto::UpdateNotificationSettingsRequest::default()
        };
        let changes = (0..4).map(|_| bell.set(&ana, quiet));
        let (unsubscribed, changed) = join(
            bell.unsubscribe(&target.unsubscribe_token),
            join_all(changes),
        )
        .await;
        unsubscribed.expect("unsubscribed");
        for change in changed {
            change.expect("set");
        }
        let settings = bell.settings(&ana).await.expect("settings");
        assert!(!settings.email, "round {round}");
    }
}

async fn reading_telling_and_tidying_do_not_meet(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    for number in 0..20 {
        let key = format!("old-{number}");
        bell.ring(&ana, &key, job("old")).await.expect("told");
    }
    bell.accounts.wait(91 * 24 * 60 * 60);
    let bell = Bell::start(&bell.accounts).await;
    let ana = bell.accounts.sign_in("ana").await.expect("signed in");
    let (bell, ana) = (&bell, &ana);
    let telling = (0..20).map(|number| async move {
        let key = format!("new-{number}");
        bell.ring(ana, &key, job("new")).await.expect("told");
        bell.read(ana, "").await.expect("read");
    });
    join(join_all(telling), bell.accounts.housekeeping.tidy()).await;
    assert_eq!(bell.names(ana).await, ["new"; 20]);
}

async fn who_goes_while_they_are_told_leaves_nothing(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    for round in 0..5 {
        let ana = bell.accounts.person(&format!("ana-{round}")).await;
        let keys: Vec<_> = (0..8).map(|key| key.to_string()).collect();
        let telling = keys.iter().map(|key| bell.ring(&ana, key, job("scans")));
        let id = ana.id.clone();
        let delete = admin.call(proto::DeleteUserRequest { id });
        let mut users = bell.accounts.users.clone();
        let (heard, gone) = join(join_all(telling), users.delete_user(delete)).await;
        told(gone).expect("decided");
        for told in heard {
            told.expect("told, or gone");
        }
        assert!(bell.list(&ana).await.notifications.is_empty());
    }
}

on_every_engine! {
    one_event_told_by_many_at_once_is_one,
    a_browser_that_many_claim_at_once_is_one_users,
    limits_hold_for_all_at_once,
    no_change_of_settings_is_lost,
    a_link_is_not_undone_by_a_change_beside_it,
    reading_telling_and_tidying_do_not_meet,
    who_goes_while_they_are_told_leaves_nothing,
}
