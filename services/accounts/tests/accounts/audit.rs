//! The record of who did what.

use pupila_core::Clock as _;
use pupila_proto::accounts::v1 as proto;

use crate::{
    fixtures::{HOME, PASSWORD, Person, TestAccounts, told},
    on_every_engine,
};

async fn the_record_says_who_did_what_to_whom_and_from_where(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let block = proto::UpdateUserRequest {
        id: ana.id.clone(),
        blocked: Some(true),
        ..proto::UpdateUserRequest::default()
    };
    accounts.update_user(&admin, block).await.expect("blocked");
    let entry = &accounts.record(&admin).await[0];
    assert_eq!(entry.action, "user.blocked");
    assert_eq!((&entry.actor, &entry.subject), (&admin.id, &ana.id));
    assert_eq!(
        (entry.address.as_str(), entry.request_id.as_str()),
        (HOME, "req-1")
    );
    let time = entry.create_time.expect("a time");
    assert_eq!(time.seconds, accounts.clock.now().as_second());
}

async fn nothing_in_the_record_tells_an_address_or_a_secret(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let _ = accounts.sign_in_with("ana", "not the password").await;
    let _ = accounts.sign_in_with("stranger", "not the password").await;
    accounts.register("ana").await.expect("the same answer");
    let next = accounts.refresh(&ana).await.expect("refreshed");
    let _ = accounts.refresh(&ana).await;
    for entry in accounts.record(&admin).await {
        let text = format!("{entry:?}");
        for secret in ["@", PASSWORD, "not the password", "pupila-refresh", "ana\""] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(!text.contains(&next.tokens.refresh_token));
    }
}

async fn the_record_is_filtered(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    accounts.wait(60);
    let middle = accounts.clock.now();
    let ana = accounts.person("ana").await;
    let list = async |message: proto::ListAuditRequest| {
        let answer = told(accounts.users.clone().list_audit(admin.call(message)).await);
        let entries = answer.expect("the record").entries.into_iter();
        entries.map(|entry| entry.action).collect::<Vec<_>>()
    };
    let all = proto::ListAuditRequest::default();
    assert_eq!(
        list(all.clone()).await,
        [
            "session.signed_in",
            "user.created",
            "session.signed_in",
            "user.created"
        ]
    );
    let of = |actor: &Person| proto::ListAuditRequest {
        actor: actor.id.clone(),
        ..proto::ListAuditRequest::default()
    };
    assert_eq!(list(of(&ana)).await, ["session.signed_in"]);
    let action = |action: &str, from: proto::ListAuditRequest| proto::ListAuditRequest {
        action: action.to_owned(),
        ..from
    };
    assert_eq!(list(action("user.created", all.clone())).await.len(), 2);
    assert_eq!(list(action("user.created", of(&ana))).await.len(), 0);
    assert_eq!(list(action("session.signed_in", of(&ana))).await.len(), 1);

    let time = prost_types::Timestamp {
        seconds: middle.as_second(),
        nanos: middle.subsec_nanosecond(),
    };
    let from = proto::ListAuditRequest {
        from_time: Some(time),
        ..all.clone()
    };
    let until = proto::ListAuditRequest {
        until_time: Some(time),
        ..all
    };
    assert_eq!((list(from).await.len(), list(until).await.len()), (2, 2));
}

async fn pages_of_the_record_survive_new_entries(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    for _ in 0..3 {
        // All of one time, so that ids must break the ties.
        accounts.sign_in("admin").await.expect("signed in");
    }
    let page = async |token: String| {
        let message = proto::ListAuditRequest {
            page_size: 2,
            page_token: token,
            ..proto::ListAuditRequest::default()
        };
        told(accounts.users.clone().list_audit(admin.call(message)).await).expect("a page")
    };
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let read = page(token).await;
        seen.extend(read.entries.into_iter().map(|entry| entry.id));
        token = read.next_page_token;
        accounts.wait(1);
        accounts.sign_in("admin").await.expect("signed in");
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

async fn what_is_old_goes_unless_it_is_kept_for_ever(accounts: TestAccounts) {
    const DAY: i64 = 24 * 60 * 60;
    accounts.administrator().await;
    let keeping = async |days| {
        let change = |config: &mut pupila_accounts::AccountsConfig| config.audit.kept_days = days;
        let accounts = accounts.configured(change).await;
        accounts.housekeeping.tidy().await;
        let admin = accounts.sign_in("admin").await.expect("signed in");
        let mut actions = accounts.actions(&admin).await;
        actions.reverse();
        actions
    };
    accounts.wait(730 * DAY - 60);
    let all = keeping(730).await;
    assert_eq!(all[..2], ["user.created", "session.signed_in"]);
    accounts.wait(120);
    assert_eq!(keeping(0).await.len(), all.len() + 1);
    assert_eq!(keeping(730).await.len(), all.len(), "the two first went");
}

on_every_engine! {
    the_record_says_who_did_what_to_whom_and_from_where,
    nothing_in_the_record_tells_an_address_or_a_secret,
    the_record_is_filtered,
    pages_of_the_record_survive_new_entries,
    what_is_old_goes_unless_it_is_kept_for_ever,
}
