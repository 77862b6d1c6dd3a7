//! Sessions and their refresh tokens.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;
use pupila_runtime::rpc::RpcError;

use crate::{
    fixtures::{HOME, PASSWORD, Person, TestAccounts, reason, told},
    on_every_engine,
};

const DAY: i64 = 86_400;

async fn a_refresh_token_works_once_and_brings_the_next(accounts: TestAccounts) {
    let mut ana = accounts.administrator().await;
    for _ in 0..3 {
        accounts.wait(300);
        assert_eq!(reason(accounts.me(&ana).await), "TOKEN_EXPIRED");
        let next = accounts.refresh(&ana).await.expect("refreshed");
        assert_ne!(next.tokens.refresh_token, ana.tokens.refresh_token);
        assert_eq!(next.session(), ana.session());
        ana = next;
        accounts.me(&ana).await.expect("in again");
    }
}

async fn a_second_use_ends_the_session_for_both(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let ana = accounts.person("ana").await;
    let second = accounts.refresh(&ana).await.expect("refreshed");
    let third = accounts.refresh(&second).await.expect("refreshed");
    // Somebody who stole it long ago comes with the first.
    let refused = accounts.refresh(&ana).await.expect_err("used");
    assert_eq!(refused.code, ErrorCode::Unauthenticated);
    assert_eq!(refused.reason, "REFRESH_TOKEN_INVALID");
    assert_eq!(
        reason(accounts.refresh(&third).await),
        "REFRESH_TOKEN_INVALID"
    );

    let entry = &accounts.record(&admin).await[0];
    assert_eq!(
        (entry.action.as_str(), entry.subject.as_str()),
        ("session.reused", ana.session())
    );
    assert_eq!(entry.detail_json, format!("{{\"user\":\"{}\"}}", ana.id));
    // Others of hers go on.
    accounts.sign_in("ana").await.expect("signed in");
    accounts.refresh(&admin).await.expect("not concerned");
}

async fn of_two_at_once_with_one_token_at_most_one_goes_on(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let other = accounts.replica().await;
    let outcomes = join_all([accounts.refresh(&ana), other.refresh(&ana)]).await;
    let (fresh, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((fresh.len(), refused.len()), (1, 1));
    let fresh = fresh.into_iter().next().expect("one").expect("fresh");
    assert_eq!(
        reason(accounts.refresh(&fresh).await),
        "REFRESH_TOKEN_INVALID"
    );
}

async fn whoever_knows_only_the_id_of_a_session_can_end_nothing(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    let token = &ana.tokens.refresh_token;
    let (prefix, encoded) = token.split_once('_').expect("a prefix");
    let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(encoded).expect("base64url");
    bytes[16..].fill(7);
    let forged = format!("{prefix}_{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
    for token in [
        forged,
        String::new(),
        "nonsense".to_owned(),
        "A".repeat(1_000_000),
    ] {
        let mut mallory = ana.clone();
        mallory.tokens.refresh_token = token;
        assert_eq!(
            reason(accounts.refresh(&mallory).await),
            "REFRESH_TOKEN_INVALID"
        );
    }
    accounts.refresh(&ana).await.expect("not concerned");
}

async fn a_session_ends_when_nobody_uses_it(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    accounts.wait(29 * DAY);
    let ana = accounts.refresh(&ana).await.expect("used in time");
    let end = ana.tokens.refresh_expire_time.expect("an end");
    let now = pupila_core::Clock::now(&*accounts.clock);
    assert_eq!(end.seconds - now.as_second(), 30 * DAY);

    accounts.wait(30 * DAY);
    assert_eq!(
        reason(accounts.refresh(&ana).await),
        "REFRESH_TOKEN_INVALID"
    );
    let again = accounts.sign_in("admin").await.expect("signed in");
    assert_eq!(sessions(&accounts, &again).await.len(), 1);
    // It had ended, so nobody stole anything.
    accounts.housekeeping.tidy().await;
    assert!(
        !accounts
            .actions(&again)
            .await
            .contains(&"session.reused".to_owned())
    );
}

async fn the_list_shows_where_one_is_signed_in(accounts: TestAccounts) {
    let first = accounts.administrator().await;
    accounts.wait(60);
    let second = accounts.sign_in("admin").await.expect("signed in");
    accounts.wait(60);
    let second = accounts.refresh(&second).await.expect("refreshed");

    let listed = sessions(&accounts, &second).await;
    let ids: Vec<_> = listed.iter().map(|session| session.id.as_str()).collect();
    assert_eq!(ids, [second.session(), first.session()]);
    assert_eq!((listed[0].current, listed[1].current), (true, false));
    assert_eq!(
        (listed[0].user_agent.as_str(), listed[0].address.as_str()),
        ("Firefox", HOME)
    );
    let seconds = |time: &Option<_>| {
        time.as_ref()
            .map(|time: &prost_types::Timestamp| time.seconds)
    };
    let (create, last) = (
        seconds(&listed[0].create_time),
        seconds(&listed[0].last_use_time),
    );
    assert_eq!(
        last.zip(create).map(|(last, create)| last - create),
        Some(60)
    );
}

async fn pages_of_sessions_survive_new_ones(accounts: TestAccounts) {
    let ana = accounts.administrator().await;
    for _ in 0..3 {
        accounts.wait(1);
        accounts.sign_in("admin").await.expect("signed in");
    }
    let page = async |token: String| {
        let message = proto::ListSessionsRequest {
            page_size: 2,
            page_token: token,
        };
        told(
            accounts
                .users
                .clone()
                .list_sessions(ana.call(message))
                .await,
        )
        .expect("a page")
    };
    let first = page(String::new()).await;
    accounts.wait(1);
    accounts.sign_in("admin").await.expect("signed in");
    let second = page(first.next_page_token).await;
    assert_eq!((first.sessions.len(), second.sessions.len()), (2, 2));
    assert_eq!(second.next_page_token, "");
    assert_eq!(second.sessions[1].id, ana.session());
}

async fn one_can_end_a_session_of_ones_own_and_no_other(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let phone = accounts.person("ana").await;
    let laptop = accounts.sign_in("ana").await.expect("signed in");
    let foreign = revoke(&accounts, &phone, admin.session()).await;
    assert_eq!(reason(foreign), "SESSION_NOT_FOUND");
    accounts.refresh(&admin).await.expect("not concerned");

    revoke(&accounts, &laptop, phone.session())
        .await
        .expect("ended");
    assert_eq!(
        reason(accounts.refresh(&phone).await),
        "REFRESH_TOKEN_INVALID"
    );
    let again = revoke(&accounts, &laptop, phone.session()).await;
    assert_eq!(reason(again), "SESSION_NOT_FOUND");
    let laptop = accounts.refresh(&laptop).await.expect("not concerned");
    assert_eq!(sessions(&accounts, &laptop).await.len(), 1);
}

async fn signing_out_ends_the_session_at_hand(accounts: TestAccounts) {
    let admin = accounts.administrator().await;
    let phone = accounts.person("ana").await;
    let laptop = accounts.sign_in("ana").await.expect("signed in");
    for _ in 0..2 {
        let call = phone.call(proto::SignOutRequest {});
        told(accounts.auth.clone().sign_out(call).await).expect("signed out");
    }
    assert_eq!(
        reason(accounts.refresh(&phone).await),
        "REFRESH_TOKEN_INVALID"
    );
    accounts.refresh(&laptop).await.expect("not concerned");
    let entry = &accounts.record(&admin).await[0];
    assert_eq!(entry.action, "session.signed_out");
    assert_eq!(
        (entry.actor.as_str(), entry.subject.as_str()),
        (&*phone.id, phone.session())
    );
}

async fn whoever_begins_too_many_ends_the_oldest(accounts: TestAccounts) {
    let first = accounts.administrator().await;
    let second = accounts.sign_in("admin").await.expect("signed in");
    for _ in 0..99 {
        let answer = accounts.knock("admin", PASSWORD, HOME).await;
        answer.expect("signed in");
    }
    assert_eq!(
        reason(accounts.refresh(&first).await),
        "REFRESH_TOKEN_INVALID"
    );
    accounts.refresh(&second).await.expect("the hundredth");
}

async fn sessions(accounts: &TestAccounts, person: &Person) -> Vec<proto::Session> {
    let call = person.call(proto::ListSessionsRequest::default());
    let answer = told(accounts.users.clone().list_sessions(call).await);
    answer.expect("sessions").sessions
}

async fn revoke(accounts: &TestAccounts, person: &Person, id: &str) -> Result<(), RpcError> {
    let call = person.call(proto::RevokeSessionRequest { id: id.to_owned() });
    told(accounts.users.clone().revoke_session(call).await).map(drop)
}

on_every_engine! {
    a_refresh_token_works_once_and_brings_the_next,
    a_second_use_ends_the_session_for_both,
    of_two_at_once_with_one_token_at_most_one_goes_on,
    whoever_knows_only_the_id_of_a_session_can_end_nothing,
    a_session_ends_when_nobody_uses_it,
    the_list_shows_where_one_is_signed_in,
    pages_of_sessions_survive_new_ones,
    one_can_end_a_session_of_ones_own_and_no_other,
    signing_out_ends_the_session_at_hand,
    whoever_begins_too_many_ends_the_oldest,
}
