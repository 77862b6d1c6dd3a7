//! Attempts that break off, and how the next ones go on.

use std::time::Duration;

use pupila_core::ErrorCode;

use super::{
    attempt, keeping, numbered, reason,
    services::{Refusal, SILENCE, Services},
    zip::zip,
};
use crate::{Outcome, Service};

#[tokio::test]
async fn items_come_in_small_groups_and_in_order() {
    let services = keeping(zip(&numbered(100)));
    assert_eq!(attempt(&services, 1, 0).await, Outcome::done());
    let (items, groups) = services.items();
    let names: Vec<_> = items.iter().map(|item| item.filename.clone()).collect();
    let expected: Vec<_> = (0..100).map(|number| format!("{number}.png")).collect();
    assert_eq!(names, expected);
    assert!(
        groups.len() >= 7 && groups.iter().all(|size| *size <= 16),
        "{groups:?}"
    );
    assert!(
        services
            .state()
            .added
            .iter()
            .all(|group| group.total == 100)
    );
}

#[tokio::test]
async fn another_attempt_goes_on_where_the_first_one_was() {
    let services = keeping(zip(&numbered(40)));
    services.state().refusals.insert(
        "25.png",
        Refusal(ErrorCode::Unavailable, "IMAGES_UNAVAILABLE"),
    );
    let outcome = attempt(&services, 1, 0).await;
    assert!(
        matches!(
            outcome,
            Outcome::Parked {
                service: Service::Images,
                ..
            }
        ),
        "{outcome:?}"
    );
    let (items, _) = services.items();
    assert_eq!(items.len(), 25, "what came before is added");
    assert!(services.state().archive.is_some());

    // Some that came after were stored already, and are not stored twice.
    services.state().refusals.clear();
    services.state().added.clear();
    assert_eq!(attempt(&services, 1, 25).await, Outcome::done());
    let (items, _) = services.items();
    assert_eq!(items.len(), 15);
    assert_eq!(items[0].filename, "25.png");
    assert_eq!(services.state().images.len(), 40);
}

#[tokio::test]
async fn an_archive_that_is_gone_is_not_taken_to_be_unpacked() {
    let services = Services::default();
    for next_position in [0, 500] {
        let outcome = attempt(&services, 2, next_position).await;
        assert_eq!(reason(&outcome, Service::Images), "ARCHIVE_NOT_FOUND");
    }
}

#[tokio::test]
async fn while_history_is_away_nothing_is_lost() {
    let services = keeping(zip(&numbered(3)));
    services.state().history = Some(Refusal(ErrorCode::Unavailable, "HISTORY_UNAVAILABLE"));
    let outcome = attempt(&services, 1, 0).await;
    assert!(
        matches!(
            outcome,
            Outcome::Parked {
                service: Service::History,
                ..
            }
        ),
        "{outcome:?}"
    );
    services.state().history = None;
    assert_eq!(attempt(&services, 1, 0).await, Outcome::done());
    assert_eq!(services.items().0.len(), 3);
    assert_eq!(services.state().images.len(), 3);
}

#[tokio::test]
async fn a_worker_that_lost_the_task_stops() {
    let services = keeping(zip(&numbered(40)));
    services.state().history = Some(Refusal(ErrorCode::Conflict, "LEASE_LOST"));
    let outcome = attempt(&services, 1, 0).await;
    assert_eq!(reason(&outcome, Service::History), "LEASE_LOST");
    assert!(services.state().images.len() < 40);
    assert!(
        services.state().archive.is_some(),
        "who has it now needs it"
    );
}

#[tokio::test]
async fn an_archive_that_breaks_off_on_its_way_is_fetched_again() {
    let services = keeping(zip(&numbered(10)));
    services.state().missing = 1;
    let outcome = attempt(&services, 1, 0).await;
    assert!(
        matches!(
            outcome,
            Outcome::Failed {
                retryable: true,
                ..
            }
        ),
        "{outcome:?}"
    );
    assert!(services.state().images.is_empty() && services.state().archive.is_some());
}

#[tokio::test]
async fn an_entry_over_which_images_is_lost_is_given_up_and_no_other() {
    let services = keeping(zip(&numbered(10)));
    services
        .state()
        .refusals
        .insert("4.png", Refusal(ErrorCode::Unavailable, "SERVICE_LOST"));
    let outcome = attempt(&services, 2, 2).await;
    assert!(
        matches!(
            outcome,
            Outcome::Lost {
                service: Service::Images,
                ..
            }
        ),
        "{outcome:?}"
    );
    let stored = services.state().images.len();
    assert_eq!(stored, 2, "none was under way beside it");

    services.state().added.clear();
    assert_eq!(attempt(&services, 3, 4).await, Outcome::done());
    let (items, _) = services.items();
    let failure = items[0].failure.as_ref().expect("given up");
    assert_eq!(failure.reason, "SERVICE_LOST");
    assert!(items[1..].iter().all(|item| item.failure.is_none()));
}

#[tokio::test(start_paused = true)]
async fn progress_shows_while_others_are_waited_for() {
    let services = keeping(zip(&numbered(3)));
    services.state().refusals.insert("2.png", SILENCE);
    let unpacking = tokio::spawn({
        let services = services.clone();
        async move { attempt(&services, 1, 0).await }
    });
    services.added.notified().await;
    assert_eq!(services.items().0.len(), 2);
    // An attempt that takes too long is given back before it counts as one that failed.
    let outcome = unpacking.await.expect("no panic");
    assert_eq!(
        outcome,
        Outcome::Postponed {
            delay: Duration::ZERO
        }
    );
    assert!(services.state().archive.is_some());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_a_step_forward_is_not_given_back() {
    let services = keeping(zip(&numbered(3)));
    services.state().refusals.insert("0.png", SILENCE);
    let day = Duration::from_secs(24 * 60 * 60);
    let unpacking = tokio::time::timeout(day, attempt(&services, 1, 0)).await;
    // It is for the limit of all tasks to end it, so that it counts.
    assert!(unpacking.is_err());
}
