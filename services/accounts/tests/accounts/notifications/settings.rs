//! What a user wants to be told.

use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;

use super::bell::{Bell, job};
use crate::{
    fixtures::{TestAccounts, reason},
    on_every_engine,
};

fn minimum(seconds: u32) -> proto::UpdateNotificationSettingsRequest {
    proto::UpdateNotificationSettingsRequest {
        minimum_seconds: Some(seconds),
        ..proto::UpdateNotificationSettingsRequest::default()
    }
}

async fn nothing_goes_out_until_it_is_asked_for(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let settings = bell.settings(&ana).await.expect("settings");
    let at_first = proto::NotificationSettings {
        in_app: true,
        revision: 1,
        ..proto::NotificationSettings::default()
    };
    assert_eq!(settings, at_first);
    let routes = bell.ring(&ana, "1", job("scans")).await;
    assert_eq!(routes, Ok(vec![]));
    assert_eq!(bell.names(&ana).await, ["scans"]);
}

async fn a_change_leaves_the_rest(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let email = proto::UpdateNotificationSettingsRequest {
        email: Some(true),
        only_failures: Some(true),
        ..proto::UpdateNotificationSettingsRequest::default()
    };
    bell.set(&ana, email).await.expect("set");
    let settings = bell.set(&ana, minimum(86_400)).await.expect("set");
    let expected = proto::NotificationSettings {
        email: true,
        in_app: true,
        only_failures: true,
        minimum_seconds: 86_400,
        revision: 3,
        ..proto::NotificationSettings::default()
    };
    assert_eq!(settings, expected);
    assert_eq!(bell.settings(&ana).await, Ok(expected));
    let luis = bell.accounts.person("luis").await;
    let settings = bell.settings(&luis).await.expect("settings");
    assert_eq!(settings.revision, 1, "they are ana's alone");
}

async fn nobody_overwrites_what_they_have_not_seen(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let change = |expected| proto::UpdateNotificationSettingsRequest {
        expected_revision: Some(expected),
        ..minimum(5)
    };
    let changed = bell.set(&ana, change(1)).await.expect("as it was seen");
    assert_eq!(changed.revision, 2);
    for stale in [1, 0, -1, 3, i64::MAX] {
        let refused = bell.set(&ana, change(stale)).await.expect_err("stale");
        assert_eq!(refused.code, ErrorCode::PreconditionFailed);
        assert_eq!(refused.reason, "REVISION_MISMATCH");
    }
}

async fn a_day_is_the_longest(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    for seconds in [86_401, u32::MAX] {
        let refused = bell.set(&ana, minimum(seconds)).await.expect_err("longer");
        assert_eq!(refused.reason, "INVALID_ARGUMENT");
        assert_eq!(refused.violations[0].field, "minimum_seconds");
    }
    let settings = bell.settings(&ana).await.expect("settings");
    assert_eq!(settings.revision, 1, "nothing was written");
}

async fn who_is_out_changes_nothing(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    let ana = bell.accounts.person("ana").await;
    let block = proto::UpdateUserRequest {
        id: ana.id.clone(),
        blocked: Some(true),
        ..proto::UpdateUserRequest::default()
    };
    bell.accounts
        .update_user(&admin, block)
        .await
        .expect("blocked");
    let refused = bell.set(&ana, minimum(1)).await;
    assert_eq!(reason(refused), "ACCOUNT_ENDED");
    assert_eq!(reason(bell.read(&ana, "").await), "ACCOUNT_ENDED");
}

on_every_engine! {
    nothing_goes_out_until_it_is_asked_for,
    a_change_leaves_the_rest,
    nobody_overwrites_what_they_have_not_seen,
    a_day_is_the_longest,
    who_is_out_changes_nothing,
}
