//! How often passwords may be guessed.

use std::time::Duration;

use futures_util::future::join_all;
use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::rpc::RpcError;

use crate::{
    fixtures::{HOME, PASSWORD, TestAccounts, email, from, reason, told},
    on_every_engine,
};

const ELSEWHERE: &str = "198.51.100.7";

async fn each_wrong_password_makes_the_next_wait_longer(accounts: TestAccounts) {
    accounts.administrator().await;
    for _ in 0..4 {
        assert_eq!(
            guess(&accounts, "admin").await.reason,
            "CREDENTIALS_INVALID"
        );
    }
    for seconds in [1, 2, 4, 8] {
        assert_eq!(
            guess(&accounts, "admin").await.reason,
            "CREDENTIALS_INVALID"
        );
        let refused = accounts
            .sign_in("admin")
            .await
            .expect_err("even the right one waits");
        assert_eq!(refused.code, ErrorCode::ResourceExhausted);
        assert_eq!(refused.reason, "TOO_MANY_ATTEMPTS");
        assert_eq!(refused.retry_after, Some(Duration::from_secs(seconds)));
        accounts.wait(i64::try_from(seconds).expect("small"));
    }
    accounts.sign_in("admin").await.expect("the right one");
    // All is forgotten.
    assert_eq!(
        guess(&accounts, "admin").await.reason,
        "CREDENTIALS_INVALID"
    );
    accounts.sign_in("admin").await.expect("no wait");
}

async fn nobody_waits_longer_than_a_quarter_of_an_hour(accounts: TestAccounts) {
    accounts.administrator().await;
    for _ in 0..20 {
        guess(&accounts, "admin").await;
        accounts.wait(900);
    }
    guess(&accounts, "admin").await;
    let refused = accounts.sign_in("admin").await.expect_err("it waits");
    assert_eq!(refused.retry_after, Some(Duration::from_secs(900)));
    accounts.wait(86_400);
    for _ in 0..4 {
        assert_eq!(
            guess(&accounts, "admin").await.reason,
            "CREDENTIALS_INVALID"
        );
    }
    accounts.sign_in("admin").await.expect("all was forgotten");
}

async fn strangers_who_guess_keep_nobody_out(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    for _ in 0..6 {
        let guess = accounts.knock("admin", "not the password", ELSEWHERE);
        guess.await.expect_err("a wrong guess");
    }
    let there = accounts.knock("admin", PASSWORD, ELSEWHERE).await;
    assert_eq!(reason(there), "TOO_MANY_ATTEMPTS");
    accounts.sign_in("admin").await.expect("from home");
    // Nor does it keep from their account who is in, wherever they are.
    guess(&accounts, "admin").await;
    for _ in 0..5 {
        guess(&accounts, "admin").await;
    }
    let message = proto::ChangePasswordRequest {
        current_password: PASSWORD.to_owned(),
        new_password: "a new password".to_owned(),
    };
    let change = accounts.users.clone();
    let changed = change.clone().change_password(admin.call(message)).await;
    told(changed).expect("changed");
}

async fn many_networks_together_have_a_budget(accounts: TestAccounts) {
    accounts.administrator().await;
    let accounts = accounts
        .configured(|config| config.throttle.account_attempts = 100)
        .await;
    accounts.wait(1_000);
    for number in 0..100 {
        let address = format!("203.0.113.{number}");
        let guess = accounts.knock("admin", "not the password", &address).await;
        assert_eq!(reason(guess), "CREDENTIALS_INVALID");
    }
    let refused = accounts.sign_in("admin").await.expect_err("all is spent");
    assert_eq!(refused.reason, "TOO_MANY_ATTEMPTS");
    let wait = refused.retry_after.expect("a time").as_secs();
    assert!((860..=864).contains(&wait), "{wait}");
    accounts.wait(864);
    for _ in 0..10 {
        accounts
            .sign_in("admin")
            .await
            .expect("what is right costs nothing");
    }
}

async fn an_address_without_an_account_waits_alike(accounts: TestAccounts) {
    for _ in 0..5 {
        assert_eq!(
            guess(&accounts, "stranger").await.reason,
            "CREDENTIALS_INVALID"
        );
    }
    assert_eq!(
        guess(&accounts, "stranger").await.reason,
        "TOO_MANY_ATTEMPTS"
    );
    // Registering changes nothing of it, and tells nothing.
    accounts.register("stranger").await.expect("registered");
    assert_eq!(
        reason(accounts.sign_in("stranger").await),
        "TOO_MANY_ATTEMPTS"
    );
}

async fn every_replica_counts(accounts: TestAccounts) {
    accounts.administrator().await;
    let other = accounts.replica().await;
    for number in 0..5 {
        let replica = if number % 2 == 0 { &accounts } else { &other };
        assert_eq!(guess(replica, "admin").await.reason, "CREDENTIALS_INVALID");
    }
    assert_eq!(reason(accounts.sign_in("admin").await), "TOO_MANY_ATTEMPTS");
    assert_eq!(reason(other.sign_in("admin").await), "TOO_MANY_ATTEMPTS");
}

async fn many_guesses_at_once_are_not_many_free_ones(accounts: TestAccounts) {
    accounts.administrator().await;
    let other = accounts.replica().await;
    let guesses = (0..30).map(|number| {
        let replica = if number % 2 == 0 { &accounts } else { &other };
        guess(replica, "admin")
    });
    let refusals = join_all(guesses).await;
    let looked_at = refusals
        .iter()
        .filter(|refusal| refusal.reason == "CREDENTIALS_INVALID");
    assert_eq!(looked_at.count(), 5);
}

async fn an_address_has_a_budget_that_grows_back(accounts: TestAccounts) {
    accounts.administrator().await;
    let accounts = accounts
        .configured(|config| {
            config.throttle.address_attempts = 10;
            config.throttle.address_window_seconds = 100;
        })
        .await;
    accounts.wait(1_000);
    for number in 0..10 {
        let refused = guess(&accounts, &format!("user-{number}")).await;
        assert_eq!(refused.reason, "CREDENTIALS_INVALID");
    }
    let refused = accounts.sign_in("admin").await.expect_err("all is spent");
    assert_eq!(refused.reason, "TOO_MANY_ATTEMPTS");
    assert_eq!(refused.retry_after, Some(Duration::from_secs(10)));
    assert_eq!(reason(accounts.register("ana").await), "TOO_MANY_ATTEMPTS");
    // Others are not concerned.
    accounts
        .knock("admin", PASSWORD, ELSEWHERE)
        .await
        .expect("from elsewhere");
    accounts.wait(10);
    assert_eq!(
        guess(&accounts, "user-11").await.reason,
        "CREDENTIALS_INVALID"
    );
    assert_eq!(
        guess(&accounts, "user-12").await.reason,
        "TOO_MANY_ATTEMPTS"
    );
}

async fn those_who_know_their_password_spend_nothing(accounts: TestAccounts) {
    accounts.administrator().await;
    let accounts = accounts
        .configured(|config| config.throttle.address_attempts = 3)
        .await;
    accounts.wait(1_000);
    for _ in 0..10 {
        accounts
            .knock("admin", PASSWORD, HOME)
            .await
            .expect("signed in");
    }
}

async fn one_address_cannot_make_accounts_without_end(accounts: TestAccounts) {
    let accounts = accounts
        .configured(|config| config.throttle.address_attempts = 3)
        .await;
    let register = async |number: u32| {
        let message = proto::RegisterRequest {
            email: email(&format!("user-{number}")),
            password: PASSWORD.to_owned(),
            display_name: "somebody".to_owned(),
            language: String::new(),
        };
        // Whoever has one address of a network has them all.
        let address = format!("2001:db8::{number}");
        told(
            accounts
                .auth
                .clone()
                .register(from(&address, message))
                .await,
        )
    };
    for number in 0..3 {
        register(number).await.expect("registered");
    }
    assert_eq!(reason(register(3).await), "TOO_MANY_ATTEMPTS");
}

async fn what_was_counted_is_swept_away(accounts: TestAccounts) {
    accounts.administrator().await;
    guess(&accounts, "stranger").await;
    accounts.wait(86_400);
    accounts.housekeeping.tidy().await;
    let database = &accounts.database.database;
    assert_eq!(rows(database).await, 0);
}

async fn rows(database: &pupila_db::Database) -> usize {
    async fn read<DB: pupila_db::Dialect>(pools: &pupila_db::Pools<DB>) -> usize {
        let mut reader = pools.reader().await.expect("a connection");
        let select = pupila_db::Statement::<DB>::new("SELECT id FROM throttles");
        select.fetch_all(&mut reader).await.expect("read").len()
    }
    match database {
        pupila_db::Database::MySql(pools) => read(pools).await,
        pupila_db::Database::Sqlite(pools) => read(pools).await,
    }
}

async fn guess(accounts: &TestAccounts, name: &str) -> RpcError {
    let answer = accounts.knock(name, "not the password", HOME).await;
    answer.expect_err("a wrong guess")
}

on_every_engine! {
    each_wrong_password_makes_the_next_wait_longer,
    nobody_waits_longer_than_a_quarter_of_an_hour,
    strangers_who_guess_keep_nobody_out,
    many_networks_together_have_a_budget,
    an_address_without_an_account_waits_alike,
    every_replica_counts,
    many_guesses_at_once_are_not_many_free_ones,
    an_address_has_a_budget_that_grows_back,
    those_who_know_their_password_spend_nothing,
    one_address_cannot_make_accounts_without_end,
    what_was_counted_is_swept_away,
}
