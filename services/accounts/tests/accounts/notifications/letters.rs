//! Nobody is written to more often than the operator allows.

use futures_util::future::join_all;
use pupila_accounts::AccountsConfig;

use super::bell::{Bell, job};
use crate::{fixtures::TestAccounts, on_every_engine};

async fn with_three_letters(accounts: &TestAccounts) -> Bell {
    let three = |config: &mut AccountsConfig| config.notifications.letters_per_hour = 3;
    Bell::start(&accounts.configured(three).await).await
}

async fn beyond_the_hours_letters_only_the_list_tells(accounts: TestAccounts) {
    let bell = with_three_letters(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let luis = bell.accounts.person("luis").await;
    bell.wants_all(&ana).await;
    bell.wants_all(&luis).await;
    let letter = vec!["email".to_owned()];
    let none = Vec::new();
    for (key, routes) in [
        ("1", &letter),
        ("2", &letter),
        ("3", &letter),
        ("4", &none),
        ("5", &none),
    ] {
        assert_eq!(bell.ring(&ana, key, job(key)).await.as_ref(), Ok(routes));
    }
    assert_eq!(bell.names(&ana).await, ["5", "4", "3", "2", "1"]);
    let his = bell.ring(&luis, "1", job("his")).await;
    assert_eq!(his.as_ref(), Ok(&letter), "not concerned");

    // A third of an hour brings one of three.
    bell.accounts.wait(20 * 60);
    let bell = Bell::start(&bell.accounts).await;
    for (key, routes) in [("6", &letter), ("7", &none)] {
        assert_eq!(bell.ring(&ana, key, job(key)).await.as_ref(), Ok(routes));
    }
}

async fn replicas_count_together(accounts: TestAccounts) {
    let bell = with_three_letters(&accounts).await;
    let other = Bell::start(&bell.accounts).await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let keys: Vec<_> = (0..12).map(|key| key.to_string()).collect();
    let telling = keys.iter().enumerate().map(|(number, key)| {
        let bell = if number % 2 == 0 { &bell } else { &other };
        bell.ring(&ana, key, job("scans"))
    });
    let told = join_all(telling).await.into_iter();
    let letters: usize = told.map(|routes| routes.expect("told").len()).sum();
    assert_eq!(letters, 3);
    assert_eq!(bell.names(&ana).await.len(), 12);
}

on_every_engine! {
    beyond_the_hours_letters_only_the_list_tells,
    replicas_count_together,
}
