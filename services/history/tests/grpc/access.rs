//! Who may call: the guard before the service, with the rules of the proto files.

use pupila_core::{AlbumId, Caller, Guest, LinkId, Scope};
use uuid::Uuid;

use crate::fixtures::{ANA, LUIS, TestHistory, disagreement, prediction, service, user, user_with};

#[tokio::test]
async fn only_users_with_the_scope_read() {
    let history = TestHistory::start().await;
    let recorded = history.record(prediction()).await.expect("recorded");
    let guest = Caller::Guest(Guest {
        link: LinkId::from_uuid(Uuid::from_u128(3)),
        album: AlbumId::from_uuid(Uuid::from_u128(4)),
    });
    for (caller, reason) in [
        (Caller::Nobody, "UNAUTHENTICATED"),
        (guest, "PERMISSION_DENIED"),
        (service("accounts"), "PERMISSION_DENIED"),
        (user_with(ANA, &[Scope::PredictionsWrite]), "SCOPE_MISSING"),
    ] {
        let error = history.get(&caller, &recorded.id).await;
        assert_eq!(error.expect_err(reason).reason, reason);
    }
    let reader = user_with(ANA, &[Scope::PredictionsRead]);
    history.get(&reader, &recorded.id).await.expect("hers");
}

#[tokio::test]
async fn a_reader_reviews_nothing() {
    let history = TestHistory::start().await;
    let recorded = history.record(prediction()).await.expect("recorded");
    let reader = user_with(ANA, &[Scope::PredictionsRead]);
    let error = history
        .review(&reader, disagreement(&recorded.id, "NORMAL"))
        .await;
    assert_eq!(error.expect_err("no scope").reason, "SCOPE_MISSING");
}

#[tokio::test]
async fn only_accounts_erases() {
    let history = TestHistory::start().await;
    let ana = ANA.to_string();
    for (caller, reason) in [
        (Caller::Nobody, "UNAUTHENTICATED"),
        (service("images"), "PERMISSION_DENIED"),
        (user(ANA), "PERMISSION_DENIED"),
        (user(LUIS), "PERMISSION_DENIED"),
    ] {
        let error = history.erase(&caller, &ana).await;
        assert_eq!(error.expect_err(reason).reason, reason);
    }
    let erased = history.erase(&service("accounts"), &ana).await;
    erased.expect("nothing to do");
}
