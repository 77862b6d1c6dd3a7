//! An account that goes.

use pupila_core::ErrorCode;

use crate::fixtures::{ANA, TestHistory, disagreement, prediction, service, user};

#[tokio::test]
async fn an_erased_user_has_no_predictions_and_may_be_erased_again() {
    let history = TestHistory::start().await;
    let recorded = history.record(prediction()).await.expect("recorded");
    let review = history
        .review(&user(ANA), disagreement(&recorded.id, "NORMAL"))
        .await;
    review.expect("reviewed");
    for _ in 0..2 {
        let erased = history.erase(&service("accounts"), &ANA.to_string()).await;
        erased.expect("erased");
    }
    let error = history.get(&user(ANA), &recorded.id).await;
    assert_eq!(error.expect_err("gone").code, ErrorCode::NotFound);
    // Her token is still good.
    let late = history.record(prediction()).await;
    let error = late.expect_err("her account is gone");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::PermissionDenied, "ACCOUNT_DELETED")
    );
}

#[tokio::test]
async fn who_is_to_be_erased_must_be_told() {
    let history = TestHistory::start().await;
    let error = history.erase(&service("accounts"), "").await;
    assert_eq!(error.expect_err("nobody").violations[0].field, "user_id");
}
