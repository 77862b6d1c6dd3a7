//! Browsers that take push messages.

use pupila_proto::accounts::v1::{self as proto, resolve_route_response::Target};
use pupila_runtime::rpc::RpcError;

use super::bell::{Bell, ENDPOINT, browser, job};
use crate::{
    fixtures::{Person, TestAccounts, nobody, reason, told},
    on_every_engine,
};

impl Bell {
    async fn send_browser(
        &self,
        person: &Person,
        message: proto::CreatePushSubscriptionRequest,
    ) -> Result<proto::PushSubscription, RpcError> {
        let mut client = self.accounts.notifications.clone();
        let answer = told(client.create_push_subscription(person.call(message)).await)?;
        Ok(answer.subscription.expect("a subscription"))
    }

    async fn end(&self, person: &Person, endpoint: &str) -> Result<(), RpcError> {
        let endpoint = endpoint.to_owned();
        let message = person.call(proto::DeletePushSubscriptionRequest { endpoint });
        let mut client = self.accounts.notifications.clone();
        told(client.delete_push_subscription(message).await).map(drop)
    }

    async fn end_one(&self, person: &Person, id: &str) -> Result<(), RpcError> {
        let id = id.to_owned();
        let message = person.call(proto::EndPushSubscriptionRequest { id });
        let mut client = self.accounts.notifications.clone();
        told(client.end_push_subscription(message).await).map(drop)
    }

    async fn browsers(&self, person: &Person) -> Vec<proto::PushSubscription> {
        let question = person.call(proto::ListPushSubscriptionsRequest {});
        let mut client = self.accounts.notifications.clone();
        let answer = client.list_push_subscriptions(question).await;
        told(answer).expect("a list").subscriptions
    }

    async fn routes(&self, person: &Person, key: &str) -> Vec<String> {
        let told = self.ring(person, key, job(key)).await;
        let mut routes = told.expect("told");
        routes.retain(|route| route.starts_with("push:"));
        routes
    }
}

async fn everybody_learns_one_key_that_stays(accounts: TestAccounts) {
    let key = async |accounts: &TestAccounts| {
        let question = nobody(proto::GetPushKeyRequest {});
        let answer = accounts.notifications.clone().get_push_key(question).await;
        told(answer).expect("a key").public_key
    };
    let known = key(&accounts).await;
    assert_eq!((known.len(), known[0]), (65, 4), "an uncompressed point");
    let replica = accounts.replica().await;
    assert_eq!(key(&replica).await, known);
}

async fn a_browser_that_comes_back_is_the_same(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let first = bell.subscribe(&ana, ENDPOINT).await.expect("subscribed");
    assert_eq!(
        (&*first.endpoint, &*first.user_agent),
        (ENDPOINT, "Firefox")
    );
    let renewed = proto::CreatePushSubscriptionRequest {
        auth: vec![8; 16].into(),
        user_agent: format!("Firefox\n2{}", "x".repeat(1_000)),
        ..browser(ENDPOINT)
    };
    let again = bell.send_browser(&ana, renewed.clone()).await;
    let again = again.expect("renewed");
    assert_eq!(
        (&again.id, again.create_time),
        (&first.id, first.create_time)
    );
    assert!(again.user_agent.starts_with("Firefox2") && again.user_agent.len() == 300);
    let route = format!("push:{}", first.id);
    assert_eq!(bell.routes(&ana, "1").await, [&*route]);
    let answer = bell.resolve(&ana, &route).await.expect("it leads there");
    let Some(Target::Push(target)) = answer.target else {
        panic!("to a browser")
    };
    assert_eq!((target.p256dh, target.auth), (renewed.p256dh, renewed.auth));
    assert_eq!(target.endpoint, ENDPOINT);
    assert!(target.authorization.starts_with("vapid t="));
}

async fn a_browser_belongs_to_who_sits_before_it(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let [ana, luis] = [
        bell.accounts.person("ana").await,
        bell.accounts.person("luis").await,
    ];
    bell.wants_all(&ana).await;
    bell.wants_all(&luis).await;
    let hers = bell.subscribe(&ana, ENDPOINT).await.expect("subscribed");
    let his = bell.subscribe(&luis, ENDPOINT).await.expect("subscribed");
    assert!(bell.routes(&ana, "1").await.is_empty());
    assert_eq!(bell.routes(&luis, "1").await, [format!("push:{}", his.id)]);
    for route in [format!("push:{}", hers.id), format!("push:{}", his.id)] {
        assert_eq!(reason(bell.resolve(&ana, &route).await), "ROUTE_GONE");
    }
    // Nobody ends what is not theirs, and what ended has ended.
    bell.end(&ana, ENDPOINT).await.expect("none of hers");
    assert_eq!(bell.routes(&luis, "2").await.len(), 1);
    bell.end(&luis, ENDPOINT).await.expect("ended");
    bell.end(&luis, ENDPOINT).await.expect("as it has");
    let nonsense = bell.end(&luis, &"nonsense".repeat(10_000)).await;
    assert_eq!(nonsense.expect_err("no endpoint").violations.len(), 1);
    assert!(bell.routes(&luis, "3").await.is_empty());
}

async fn one_too_many_ends_the_oldest(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    bell.wants_all(&ana).await;
    let mut made = Vec::new();
    for number in 0..22 {
        let endpoint = format!("https://push.example.com/{number}");
        let subscription = bell.subscribe(&ana, &endpoint).await.expect("subscribed");
        made.push(format!("push:{}", subscription.id));
    }
    made.drain(..2);
    made.reverse();
    assert_eq!(bell.routes(&ana, "1").await, made, "the newest first");
}

async fn a_browser_that_is_out_of_reach_is_ended_from_another(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let [ana, luis] = [
        bell.accounts.person("ana").await,
        bell.accounts.person("luis").await,
    ];
    bell.wants_all(&ana).await;
    let lost = bell.subscribe(&ana, ENDPOINT).await.expect("subscribed");
    let desk = proto::CreatePushSubscriptionRequest {
        user_agent: "Chrome".to_owned(),
        ..browser("https://push.example.com/desk")
    };
    let desk = bell.send_browser(&ana, desk).await.expect("subscribed");
    let both = [desk.clone(), lost.clone()];
    assert_eq!(bell.browsers(&ana).await, both, "the newest first");
    assert!(bell.browsers(&luis).await.is_empty(), "none of his");

    let unknown = "PUSH_SUBSCRIPTION_NOT_FOUND";
    assert_eq!(reason(bell.end_one(&luis, &lost.id).await), unknown);
    bell.end_one(&ana, &lost.id).await.expect("ended");
    assert_eq!(reason(bell.end_one(&ana, &lost.id).await), unknown);
    let nonsense = bell.end_one(&ana, "lost").await;
    assert_eq!(reason(nonsense), "INVALID_ARGUMENT");
    assert_eq!(bell.routes(&ana, "1").await, [format!("push:{}", desk.id)]);
    assert_eq!(bell.browsers(&ana).await, [desk]);
}

async fn what_nothing_can_be_sent_to_is_refused(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let longest = format!("https://push.example.com/{}", "a".repeat(1_975));
    bell.subscribe(&ana, &longest)
        .await
        .expect("2000 characters");
    let long = format!("{longest}a");
    for endpoint in [
        "",
        "nonsense",
        "http://push.example.com/",
        "https://user:password@push.example.com/",
        "https://push.example.com/#a",
        "https://push.exämple.com/",
        "https://push.example.com/a b",
        &long,
    ] {
        let refused = bell.subscribe(&ana, endpoint).await.expect_err(endpoint);
        let at: Vec<_> = refused.violations.iter().map(|at| &*at.field).collect();
        assert_eq!(at, ["endpoint"], "{endpoint:.60}");
    }
    let beside = {
        let mut point = browser(ENDPOINT).p256dh.to_vec();
        point[64] ^= 1;
        point
    };
    for p256dh in [vec![], vec![4; 65], beside, vec![0; 100_000]] {
        let message = proto::CreatePushSubscriptionRequest {
            p256dh: p256dh.into(),
            auth: vec![7; 15].into(),
            ..browser("nonsense")
        };
        let refused = bell.send_browser(&ana, message).await.expect_err("refused");
        let at: Vec<_> = refused.violations.iter().map(|at| &*at.field).collect();
        assert_eq!(at, ["endpoint", "p256dh", "auth"], "all at once");
    }
}

async fn a_stolen_token_adds_no_browser_after_the_session_ended(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let out = ana.call(proto::SignOutRequest {});
    told(bell.accounts.auth.clone().sign_out(out).await).expect("signed out");
    let refused = bell.subscribe(&ana, ENDPOINT).await;
    assert_eq!(reason(refused), "SESSION_ENDED");
    let refused = bell.hook(&ana, "https://example.com/").await;
    assert_eq!(reason(refused), "SESSION_ENDED");
}

on_every_engine! {
    everybody_learns_one_key_that_stays,
    a_browser_that_comes_back_is_the_same,
    a_browser_belongs_to_who_sits_before_it,
    one_too_many_ends_the_oldest,
    a_browser_that_is_out_of_reach_is_ended_from_another,
    what_nothing_can_be_sent_to_is_refused,
    a_stolen_token_adds_no_browser_after_the_session_ended,
}
