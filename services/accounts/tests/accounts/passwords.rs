//! Changing passwords, and what they cost.

use pupila_core::ErrorCode;
use pupila_db::{Database, Dialect, Pools, Statement};
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::rpc::RpcError;

use crate::{
    fixtures::{PASSWORD, Person, TestAccounts, reason, told},
    on_every_engine,
};

const NEW: &str = "a new password";

async fn a_new_password_puts_all_others_out(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let phone = accounts.person("ana").await;
    let laptop = accounts.sign_in("ana").await.expect("signed in");
    let refused = change(&accounts, &laptop, "not the password", NEW)
        .await
        .expect_err("wrong");
    assert_eq!(refused.code, ErrorCode::PermissionDenied);
    assert_eq!(refused.reason, "PASSWORD_WRONG");

    change(&accounts, &laptop, PASSWORD, NEW)
        .await
        .expect("changed");
    assert_eq!(
        reason(accounts.refresh(&phone).await),
        "REFRESH_TOKEN_INVALID"
    );
    let laptop = accounts
        .refresh(&laptop)
        .await
        .expect("the one at hand goes on");
    assert_eq!(reason(accounts.sign_in("ana").await), "CREDENTIALS_INVALID");
    accounts.sign_in_with("ana", NEW).await.expect("signed in");
    assert_eq!(accounts.me(&laptop).await.expect("in").revision, 2);

    let record = accounts.record(&admin).await;
    let entry = record
        .iter()
        .find(|entry| entry.action == "user.password_changed");
    assert_eq!(
        entry.expect("recorded").detail_json,
        "{\"sessions_ended\":1}"
    );
}

async fn a_new_password_is_a_password(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    for new in [
        "",
        "short",
        "password123",
        "ADMIN@example.com",
        &"a".repeat(201),
    ] {
        let refused = change(&accounts, &ana, PASSWORD, new).await.expect_err(new);
        assert_eq!(refused.code, ErrorCode::InvalidArgument);
        assert_eq!(refused.violations[0].field, "new_password");
    }
    accounts
        .sign_in("admin")
        .await
        .expect("the old one still is");
}

async fn whoever_holds_a_token_cannot_try_passwords_without_end(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    for _ in 0..5 {
        let wrong = change(&accounts, &ana, "not the password", NEW).await;
        assert_eq!(reason(wrong), "PASSWORD_WRONG");
    }
    let refused = change(&accounts, &ana, PASSWORD, NEW).await;
    assert_eq!(reason(refused), "TOO_MANY_ATTEMPTS");
    accounts.wait(1);
    change(&accounts, &ana, PASSWORD, NEW)
        .await
        .expect("changed");
}

async fn a_hash_follows_the_configured_cost(accounts: TestAccounts) {
    accounts.administrator().await;
    let before = hash(&accounts).await;
    assert!(
        before.starts_with("$argon2id$v=19$m=64,t=1,p=1$"),
        "{before}"
    );
    accounts.sign_in("admin").await.expect("signed in");
    assert_eq!(hash(&accounts).await, before);

    let dearer = accounts
        .configured(|config| config.passwords.iterations = 2)
        .await;
    dearer.sign_in("admin").await.expect("signed in");
    let after = hash(&accounts).await;
    assert!(after.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{after}");
    accounts.sign_in("admin").await.expect("signed in");
}

async fn when_too_many_come_at_once_the_last_are_told_so(accounts: TestAccounts) {
    accounts.administrator().await;
    let narrow = accounts
        .configured(|config| {
            config.passwords.workers = 1;
            config.passwords.queue = 1;
            // So dear that the others come while it is hashed, however busy the machine is.
            config.passwords.memory_kib = 19_456;
            config.passwords.iterations = 10;
            config.throttle.address_attempts = 1_000;
        })
        .await;
    let knocking = (0..20).map(|number| {
        let name = format!("user-{number}");
        let narrow = &narrow;
        async move { narrow.sign_in_with(&name, PASSWORD).await }
    });
    let outcomes = futures_util::future::join_all(knocking).await;
    let reasons: Vec<_> = outcomes.into_iter().map(reason).collect();
    let count = |name: &str| reasons.iter().filter(|reason| *reason == name).count();
    assert!(count("PASSWORD_QUEUE_FULL") > 0, "{reasons:?}");
    assert_eq!(
        count("PASSWORD_QUEUE_FULL") + count("CREDENTIALS_INVALID"),
        20
    );
    // Nobody was counted who was not served, and the next is.
    narrow.sign_in("admin").await.expect("signed in");
}

async fn change(
    accounts: &TestAccounts,
    person: &Person,
    current: &str,
    new: &str,
) -> Result<(), RpcError> {
    let message = proto::ChangePasswordRequest {
        current_password: current.to_owned(),
        new_password: new.to_owned(),
    };
    told(
        accounts
            .users
            .clone()
            .change_password(person.call(message))
            .await,
    )
    .map(drop)
}

/// The only hash in the database.
async fn hash(accounts: &TestAccounts) -> String {
    async fn read<DB: Dialect>(pools: &Pools<DB>) -> String {
        let mut reader = pools.reader().await.expect("a connection");
        let select = Statement::<DB>::new("SELECT password_hash FROM users");
        let rows = select.fetch_all(&mut reader).await.expect("read");
        assert_eq!(rows.len(), 1);
        rows[0].get("password_hash").expect("a hash")
    }
    match &accounts.database.database {
        Database::MySql(pools) => read(pools).await,
        Database::Sqlite(pools) => read(pools).await,
    }
}

on_every_engine! {
    a_new_password_puts_all_others_out,
    a_new_password_is_a_password,
    whoever_holds_a_token_cannot_try_passwords_without_end,
    a_hash_follows_the_configured_cost,
    when_too_many_come_at_once_the_last_are_told_so,
}
