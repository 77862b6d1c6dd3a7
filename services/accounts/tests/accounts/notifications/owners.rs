//! Everybody has their own, nobody else's, and leaves nothing behind.

use pupila_db::{Database, Dialect, Pools, Statement};
use pupila_proto::accounts::v1 as proto;

use super::bell::{Bell, ENDPOINT, URL, browser, job};
use crate::{
    fixtures::{TestAccounts, nobody, reason, told},
    on_every_engine,
};

const TABLES: [&str; 4] = [
    "SELECT user_id FROM notification_settings",
    "SELECT user_id FROM push_subscriptions",
    "SELECT user_id FROM webhooks",
    "SELECT user_id FROM notifications",
];

async fn rows<DB: Dialect>(pools: &Pools<DB>) -> Vec<usize> {
    let mut reader = pools.reader().await.expect("a connection");
    let mut counts = Vec::new();
    for table in TABLES {
        let rows = Statement::<DB>::new(table).fetch_all(&mut reader).await;
        counts.push(rows.expect("rows").len());
    }
    counts
}

async fn kept(bell: &Bell) -> Vec<usize> {
    match &bell.accounts.database.database {
        Database::Sqlite(pools) => rows(pools).await,
        Database::MySql(pools) => rows(pools).await,
    }
}

async fn nothing_is_left_of_who_goes(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let admin = bell.accounts.administrator().await;
    let ana = bell.accounts.person("ana").await;
    for (person, name) in [(&admin, "admin"), (&ana, "ana")] {
        bell.wants_all(person).await;
        let endpoint = format!("{ENDPOINT}/{name}");
        bell.subscribe(person, &endpoint).await.expect("subscribed");
        bell.hook(person, URL).await.expect("made");
        bell.ring(person, "1", job("scans")).await.expect("told");
    }
    assert_eq!(kept(&bell).await, [2, 2, 2, 2]);
    let id = ana.id.clone();
    let delete = admin.call(proto::DeleteUserRequest { id });
    told(bell.accounts.users.clone().delete_user(delete).await).expect("decided");
    assert_eq!(kept(&bell).await, [1, 1, 1, 1]);
    // Her token holds a few minutes longer, and writes nothing.
    let refused = bell.subscribe(&ana, ENDPOINT).await;
    assert_eq!(reason(refused), "ACCOUNT_ENDED");
    let refused = bell.hook(&ana, URL).await;
    assert_eq!(reason(refused), "ACCOUNT_ENDED");
    bell.ring(&ana, "2", job("late")).await.expect("nobody");
    assert_eq!(kept(&bell).await, [1, 1, 1, 1]);
}

async fn only_the_worker_tells_and_only_users_read(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let mut client = bell.accounts.notifications.clone();
    let user_id = ana.id.clone();
    let route = "email".to_owned();
    let notify = proto::NotifyRequest {
        user_id: user_id.clone(),
        key: "1".to_owned(),
        job_ended: Some(job("forged")),
    };
    let refused = told(client.notify(ana.call(notify.clone())).await);
    assert_eq!(reason(refused), "PERMISSION_DENIED");
    let refused = told(client.notify(nobody(notify)).await);
    assert_eq!(reason(refused), "UNAUTHENTICATED");
    let resolve = proto::ResolveRouteRequest {
        user_id: user_id.clone(),
        route: route.clone(),
    };
    let refused = told(client.resolve_route(ana.call(resolve)).await);
    assert_eq!(reason(refused), "PERMISSION_DENIED");
    let forget = proto::DropRouteRequest { user_id, route };
    let refused = told(client.drop_route(ana.call(forget)).await);
    assert_eq!(reason(refused), "PERMISSION_DENIED");
    let message = nobody(browser(ENDPOINT));
    let refused = told(client.create_push_subscription(message).await);
    assert_eq!(reason(refused), "UNAUTHENTICATED");
    assert!(bell.names(&ana).await.is_empty());
}

async fn what_one_was_told_another_neither_sees_nor_marks(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let [ana, luis] = [
        bell.accounts.person("ana").await,
        bell.accounts.person("luis").await,
    ];
    bell.ring(&ana, "1", job("hers")).await.expect("told");
    assert!(bell.names(&luis).await.is_empty());
    let hers = bell.list(&ana).await.notifications[0].id.clone();
    let refused = bell.read(&luis, &hers).await;
    assert_eq!(reason(refused), "NOTIFICATION_NOT_FOUND");
    bell.read(&luis, "").await.expect("all of his");
    assert_eq!(bell.list(&ana).await.unread_count, 1);
}

on_every_engine! {
    nothing_is_left_of_who_goes,
    only_the_worker_tells_and_only_users_read,
    what_one_was_told_another_neither_sees_nor_marks,
}
