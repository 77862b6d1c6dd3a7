//! What images refuses of an archive.

use pupila_core::ErrorCode;
use pupila_proto::history::v1::Failure;

use super::{
    attempt, keeping, numbered,
    services::Refusal,
    zip::{Packed, zip},
};
use crate::Outcome;

#[tokio::test]
async fn what_images_refuses_is_told_of_the_entry_alone() {
    let services = keeping(zip(&numbered(5)));
    services.state().refusals.insert(
        "2.png",
        Refusal(ErrorCode::Unprocessable, "IMAGE_UNREADABLE"),
    );
    assert_eq!(attempt(&services, 1, 0).await, Outcome::done());
    let (items, _) = services.items();
    let failures: Vec<_> = items.iter().map(|item| item.failure.clone()).collect();
    let expected = Failure {
        code: ErrorCode::Unprocessable.name().to_owned(),
        reason: "IMAGE_UNREADABLE".to_owned(),
        detail: "refused".to_owned(),
    };
    assert_eq!(failures, [None, None, Some(expected), None, None]);
}

#[tokio::test]
async fn without_room_only_what_is_smaller_is_still_tried() {
    let mut entries: Vec<_> = (0..50)
        .map(|number| Packed::deflated(format!("{number}.png"), vec![1; 600]))
        .collect();
    entries.push(Packed::deflated("small.png", b"small"));
    let services = keeping(zip(&entries));
    let full = Refusal(ErrorCode::PermissionDenied, "QUOTA_EXCEEDED");
    services.state().refusals.insert("0.png", full);
    for name in [
        "1.png", "2.png", "3.png", "4.png", "5.png", "6.png", "7.png",
    ] {
        services.state().refusals.insert(name, full);
    }
    assert_eq!(attempt(&services, 1, 0).await, Outcome::done());
    let (items, _) = services.items();
    let refused = items.iter().filter_map(|item| item.failure.as_ref());
    assert!(
        refused
            .clone()
            .all(|failure| failure.reason == "QUOTA_EXCEEDED")
    );
    assert_eq!(refused.count(), 50);
    assert_eq!(items[50].failure, None);
    // Those that were on their way, and no other.
    assert!(services.state().refused.len() <= 8);
}

#[tokio::test]
async fn an_entry_over_which_images_fails_time_and_again_is_given_up() {
    let services = keeping(zip(&numbered(10)));
    services
        .state()
        .refusals
        .insert("4.png", Refusal(ErrorCode::Internal, "IMAGES_FAILED"));
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
    assert_eq!(services.items().0.len(), 4);
    services.state().added.clear();
    assert_eq!(attempt(&services, 2, 4).await, Outcome::done());
    let (items, _) = services.items();
    let failure = items[0].failure.as_ref().expect("given up");
    assert_eq!(failure.reason, "IMAGES_FAILED");
    assert!(items[1..].iter().all(|item| item.failure.is_none()));
}
