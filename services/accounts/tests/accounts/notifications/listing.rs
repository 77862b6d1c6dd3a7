//! What users were told within the application.

use pupila_proto::accounts::v1 as proto;

use super::bell::{Bell, JOB, job};
use crate::{
    fixtures::{Person, TestAccounts, reason},
    on_every_engine,
};

const DAY: i64 = 24 * 60 * 60;

async fn ring_often(bell: &Bell, person: &Person, times: usize) {
    for number in 0..times {
        let name = number.to_string();
        bell.ring(person, &name, job(&name)).await.expect("told");
    }
}

async fn what_was_told_is_read_as_it_was_said(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let said = proto::JobEnded {
        name: "Tórax \u{1fa7b}\n'; DROP TABLE notifications; --".to_owned(),
        state: "CANCELLED".to_owned(),
        failed: u64::try_from(i64::MAX).expect("positive"),
        ..job("")
    };
    bell.ring(&ana, "1", said.clone()).await.expect("told");
    let listed = bell.list(&ana).await;
    assert_eq!(listed.unread_count, 1);
    assert!(!listed.notifications[0].read);
    assert_eq!(listed.notifications[0].job_ended, Some(said));
}

async fn a_job_that_failed_as_a_whole_says_why(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    let why = |reason: String, detail: String| proto::JobEnded {
        state: "FAILED".to_owned(),
        failure: Some(proto::JobFailure { reason, detail }),
        ..job("")
    };
    let read = why(
        "ARCHIVE_UNREADABLE".to_owned(),
        "it is no ZIP \u{1fa7b}".to_owned(),
    );
    let cut = why("N".repeat(100), "ñ".repeat(2_000));
    let long = why("N".repeat(101), "ñ".repeat(100_000));
    for (key, said, told) in [("1", &read, &read), ("2", &long, &cut)] {
        bell.ring(&ana, key, said.clone()).await.expect("told");
        let listed = bell.list(&ana).await;
        assert_eq!(listed.notifications[0].job_ended.as_ref(), Some(told));
    }
}

async fn a_long_list_comes_in_pages(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    ring_often(&bell, &ana, 5).await;
    let fourth = bell.list(&ana).await.notifications[1].id.clone();
    bell.ring(&ana, "5", job("5")).await.expect("told");
    for (unread, expected) in [(false, "5 4 3 2 1 0"), (true, "5 4")] {
        if unread {
            bell.read(&ana, &fourth).await.expect("read");
        }
        let mut page_token = String::new();
        let mut names = Vec::new();
        loop {
            let page = proto::ListNotificationsRequest {
                unread,
                page_size: 2,
                page_token,
            };
            let page = bell.page(&ana, page).await.expect("a page");
            assert!(page.notifications.len() <= 2);
            let told = page.notifications.into_iter();
            names.extend(told.map(|told| told.job_ended.expect("a job").name));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(names.join(" "), expected);
    }
    for page_token in ["nonsense", &"A".repeat(100_000)] {
        let page = proto::ListNotificationsRequest {
            page_token: page_token.to_owned(),
            ..proto::ListNotificationsRequest::default()
        };
        assert_eq!(reason(bell.page(&ana, page).await), "INVALID_ARGUMENT");
    }
    let page = proto::ListNotificationsRequest {
        page_size: 201,
        ..proto::ListNotificationsRequest::default()
    };
    assert_eq!(reason(bell.page(&ana, page).await), "INVALID_ARGUMENT");
}

async fn what_is_read_stays_read(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    ring_often(&bell, &ana, 3).await;
    let second = bell.list(&ana).await.notifications[1].id.clone();
    bell.read(&ana, &second).await.expect("read");
    let read = |list: proto::ListNotificationsResponse| {
        let told = list.notifications.into_iter();
        told.map(|told| told.read).collect::<Vec<_>>()
    };
    let list = bell.list(&ana).await;
    assert_eq!(list.unread_count, 1);
    assert_eq!(read(list), [false, true, true]);
    bell.read(&ana, &second).await.expect("nothing more");
    assert_eq!(bell.list(&ana).await.unread_count, 1);

    bell.read(&ana, "").await.expect("all");
    assert_eq!(bell.list(&ana).await.unread_count, 0);
    bell.ring(&ana, "2", job("2")).await.expect("told before");
    assert_eq!(bell.list(&ana).await.unread_count, 0, "not told anew");
    assert_eq!(reason(bell.read(&ana, "all").await), "INVALID_ARGUMENT");
    assert_eq!(reason(bell.read(&ana, JOB).await), "NOTIFICATION_NOT_FOUND");
}

async fn the_newest_thousand_are_kept(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let [ana, luis] = [
        bell.accounts.person("ana").await,
        bell.accounts.person("luis").await,
    ];
    bell.ring(&luis, "0", job("his")).await.expect("told");
    ring_often(&bell, &ana, 1_003).await;
    let list = bell.list(&ana).await;
    assert_eq!(list.unread_count, 1_000);
    let newest = list.notifications[0].job_ended.as_ref();
    assert_eq!(newest.map(|job| &*job.name), Some("1002"));
    assert_eq!(bell.names(&luis).await, ["his"]);
}

async fn what_is_old_goes(accounts: TestAccounts) {
    let bell = Bell::start(&accounts).await;
    let ana = bell.accounts.person("ana").await;
    ring_often(&bell, &ana, 250).await;
    bell.accounts.wait(60 * DAY);
    let bell = Bell::start(&bell.accounts).await;
    bell.ring(&ana, "new", job("new")).await.expect("told");
    bell.accounts.wait(30 * DAY - 60);
    bell.accounts.housekeeping.tidy().await;
    let ana = bell.accounts.sign_in("ana").await.expect("signed in");
    assert_eq!(bell.list(&ana).await.unread_count, 251, "not old yet");
    bell.accounts.wait(120);
    bell.accounts.housekeeping.tidy().await;
    assert_eq!(bell.names(&ana).await, ["new"]);
}

on_every_engine! {
    what_was_told_is_read_as_it_was_said,
    a_job_that_failed_as_a_whole_says_why,
    a_long_list_comes_in_pages,
    what_is_read_stays_read,
    the_newest_thousand_are_kept,
    what_is_old_goes,
}
