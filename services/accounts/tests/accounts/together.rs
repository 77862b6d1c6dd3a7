//! What happens at the same time does not get in each other's way.

use std::time::Duration;

use futures_util::future::{Either, join_all, select};
use pupila_proto::accounts::v1 as proto;
use tokio_util::sync::CancellationToken;

use crate::{
    fixtures::{PASSWORD, TestAccounts, told},
    on_every_engine,
    owners::{Mood, Owners},
};

const PEOPLE: usize = 24;

async fn whole_lives_at_once(accounts: TestAccounts) {
    let wide = |config: &mut pupila_accounts::AccountsConfig| {
        config.throttle.address_attempts = 10_000;
    };
    let mut replicas = [
        accounts.configured(wide).await,
        accounts.configured(wide).await,
    ];
    let admin = replicas[0].administrator().await;
    let owners = Owners::start(&accounts, &[Mood::Erases], &[Mood::Erases]).await;
    let stop = CancellationToken::new();
    let erasing = replicas.each_mut().map(|replica| {
        let erasure = replica.erasure.take().expect("not running yet");
        let (images, history) = (owners.images.clone(), owners.history.clone());
        tokio::spawn(erasure.run(images, history, stop.clone()))
    });
    let [accounts, other] = &replicas;

    let lives = (0..PEOPLE).map(|number| {
        let replica = if number % 2 == 0 { accounts } else { other };
        life(replica, format!("user-{number}"))
    });
    let lives = Box::pin(join_all(lives));
    let tidying = Box::pin(async {
        loop {
            accounts.housekeeping.tidy().await;
            other.housekeeping.tidy().await;
            tokio::task::yield_now().await;
        }
    });
    let Either::Left((lived, _)) = select(lives, tidying).await;
    assert_eq!(lived.len(), PEOPLE);

    let until_erased = async {
        while accounts
            .actions(&admin)
            .await
            .iter()
            .filter(|done| *done == "user.erased")
            .count()
            < PEOPLE
        {
            tokio::task::yield_now().await;
        }
    };
    let erased = tokio::time::timeout(Duration::from_secs(60), until_erased).await;
    erased.expect("all are erased");
    stop.cancel();
    for erasing in erasing {
        erasing.await.expect("no panic");
    }
}

/// Somebody comes, uses what there is, and goes.
async fn life(accounts: &TestAccounts, name: String) {
    let phone = accounts.person(&name).await;
    let laptop = accounts.sign_in(&name).await.expect("signed in");
    let phone = accounts.refresh(&phone).await.expect("refreshed");
    let mut users = accounts.users.clone();
    let key = proto::CreateApiKeyRequest {
        name: "script".to_owned(),
        scopes: vec!["images:read".to_owned()],
        ..proto::CreateApiKeyRequest::default()
    };
    told(users.create_api_key(phone.call(key)).await).expect("made");
    let wrong = accounts.sign_in_with(&name, "not the password").await;
    wrong.expect_err("a wrong guess");
    let change = proto::ChangePasswordRequest {
        current_password: PASSWORD.to_owned(),
        new_password: "a new password".to_owned(),
    };
    told(users.change_password(laptop.call(change)).await).expect("changed");
    accounts
        .refresh(&phone)
        .await
        .expect_err("it was signed out");
    let laptop = accounts.refresh(&laptop).await.expect("refreshed");
    let delete = proto::DeleteMeRequest {
        password: "a new password".to_owned(),
    };
    told(users.delete_me(laptop.call(delete)).await).expect("decided");
}

on_every_engine! {
    whole_lives_at_once,
}
