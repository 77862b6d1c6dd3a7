//! A job ended: who hears of it, and how.

use pupila_core::UserId;
use pupila_proto::accounts::v1 as proto;

use super::bell::{Bell, ENDPOINT, JOB, URL, job};
use crate::{
    fixtures::{Person, TestAccounts, nobody, reason, told},
    on_every_engine,
};

type Change = proto::UpdateNotificationSettingsRequest;

async fn a_user_is_told_by_every_way_that_they_want(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let phone = bell.subscribe(&ana, ENDPOINT).await.expect("subscribed");
    let (hook, _) = bell.hook(&ana, URL).await.expect("made");
    let routes = bell.ring(&ana, "1", job("a")).await;
    assert_eq!(routes, Ok(vec![]), "she has not said so");
    bell.wants_all(&ana).await;
    let routes = bell.ring(&ana, "2", job("b")).await.expect("told");
    let (push, webhook) = (format!("push:{}", phone.id), format!("webhook:{}", hook.id));
    assert_eq!(routes, ["email".to_owned(), push, webhook]);

    let quiet = Change {
        in_app: Some(false),
        push: Some(false),
        webhook: Some(false),
        ..Change::default()
    };
    bell.set(&ana, quiet).await.expect("set");
    let routes = bell.ring(&ana, "3", job("c")).await;
    assert_eq!(routes, Ok(vec!["email".to_owned()]));
    assert_eq!(bell.names(&ana).await, ["b", "a"], "not in the application");
}

async fn telling_twice_adds_nothing(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let [ana, luis] = [
        bell.accounts.person("ana").await,
        bell.accounts.person("luis").await,
    ];
    bell.wants_all(&ana).await;
    let first = bell.ring(&ana, "job:1", job("scans")).await.expect("told");
    let again = bell.ring(&ana, "job:1", job("scans")).await;
    assert_eq!(again, Ok(first), "the routes are the same");
    bell.ring(&luis, "job:1", job("his")).await.expect("told");
    assert_eq!(bell.names(&ana).await, ["scans"]);
    assert_eq!(bell.names(&luis).await, ["his"], "a key is one user's");
}

async fn only_what_matters_is_told(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let change = Change {
        only_failures: Some(true),
        minimum_seconds: Some(60),
        ..Change::default()
    };
    bell.set(&ana, change).await.expect("set");
    let failed = proto::JobEnded {
        state: "FAILED".to_owned(),
        ..job("failed")
    };
    let partly = proto::JobEnded {
        failed: 1,
        ..job("partly")
    };
    let quick = proto::JobEnded {
        seconds: 59,
        ..failed.clone()
    };
    let cancelled = proto::JobEnded {
        state: "CANCELLED".to_owned(),
        ..job("cancelled")
    };
    let events = [job("well"), failed, partly, quick, cancelled];
    for (key, event) in events.into_iter().enumerate() {
        bell.ring(&ana, &key.to_string(), event)
            .await
            .expect("heard");
    }
    assert_eq!(bell.names(&ana).await, ["partly", "failed"]);
}

async fn who_is_out_is_told_nothing(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let mut change = proto::UpdateUserRequest {
        id: ana.id.clone(),
        blocked: Some(true),
        ..proto::UpdateUserRequest::default()
    };
    bell.accounts
        .update_user(&admin, change.clone())
        .await
        .expect("blocked");
    assert_eq!(bell.ring(&ana, "1", job("blocked")).await, Ok(vec![]));
    change.blocked = Some(false);
    bell.accounts
        .update_user(&admin, change)
        .await
        .expect("let in");
    assert!(bell.names(&ana).await.is_empty());

    let id = ana.id.clone();
    let delete = admin.call(proto::DeleteUserRequest { id });
    told(bell.accounts.users.clone().delete_user(delete).await).expect("decided");
    assert_eq!(bell.ring(&ana, "2", job("deleted")).await, Ok(vec![]));
    let nobody = Person {
        id: JOB.to_owned(),
        ..ana
    };
    assert_eq!(bell.ring(&nobody, "3", job("unknown")).await, Ok(vec![]));
}

async fn the_local_user_has_no_address(accounts: TestAccounts) {
    let local = |config: &mut pupila_accounts::AccountsConfig| config.local_user = true;
    let bell = Bell::start(&accounts.configured(local).await).await;
    let sign_in = nobody(proto::SignInLocallyRequest {});
    let answer = bell.accounts.auth.clone().sign_in_locally(sign_in).await;
    let user = Person {
        id: UserId::LOCAL.to_string(),
        tokens: proto::Tokens {
            access: told(answer).expect("signed in").access,
            ..proto::Tokens::default()
        },
    };
    bell.wants_all(&user).await;
    let phone = bell.subscribe(&user, ENDPOINT).await.expect("subscribed");
    let routes = bell.ring(&user, "1", job("scans")).await;
    assert_eq!(routes, Ok(vec![format!("push:{}", phone.id)]));
    let email = bell.resolve(&user, "email").await;
    assert_eq!(reason(email), "ROUTE_GONE");
    assert_eq!(bell.names(&user).await, ["scans"]);
}

async fn what_makes_no_sense_is_refused(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let good = proto::NotifyRequest {
        user_id: ana.id.clone(),
        key: "k".repeat(100),
        job_ended: Some(job(&"ñ".repeat(200))),
    };
    bell.send(good.clone()).await.expect("the longest");
    let wrong = proto::JobEnded {
        job_id: "job".to_owned(),
        name: "ñ".repeat(201),
        state: "RUNNING".to_owned(),
        total: u64::MAX,
        ..job("")
    };
    let with = |change: &dyn Fn(&mut proto::NotifyRequest)| {
        let mut message = good.clone();
        change(&mut message);
        message
    };
    let cases: [(proto::NotifyRequest, &[&str]); 6] = [
        (with(&|it| it.user_id = "me".to_owned()), &["user_id"]),
        (with(&|it| it.key.clear()), &["key"]),
        (with(&|it| it.key.push('k')), &["key"]),
        (with(&|it| it.key = "a b".to_owned()), &["key"]),
        (with(&|it| it.job_ended = None), &["job_ended"]),
        (
            with(&|it| it.job_ended = Some(wrong.clone())),
            &[
                "job_ended/job_id",
                "job_ended/state",
                "job_ended/name",
                "job_ended/total",
            ],
        ),
    ];
    for (message, fields) in cases {
        let refused = bell.send(message).await.expect_err("nonsense");
        assert_eq!(refused.reason, "INVALID_ARGUMENT");
        let at: Vec<_> = refused.violations.iter().map(|at| &*at.field).collect();
        assert_eq!(at, fields);
    }
    assert_eq!(bell.names(&ana).await.len(), 1);
}

on_every_engine! {
    a_user_is_told_by_every_way_that_they_want,
    telling_twice_adds_nothing,
    only_what_matters_is_told,
    who_is_out_is_told_nothing,
    the_local_user_has_no_address,
    what_makes_no_sense_is_refused,
}
