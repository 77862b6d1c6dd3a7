//! A user who goes takes everything along.

use futures_util::StreamExt as _;
use pupila_core::ErrorCode;

use crate::{
    harness::TestImages,
    pictures::{colour, numbered},
};

crate::on_every_engine!(
    everything_that_a_user_owns_goes,
    uploads_at_the_same_time_leave_nothing_behind,
);

async fn everything_that_a_user_owns_goes(images: TestImages) {
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let accounts = images.service("accounts");
    let shared = colour([1; 3]);
    let his = luis.upload(&shared).await.expect("stored");
    ana.upload(&shared).await.expect("stored");
    ana.put_avatar(colour([2; 3])).await.expect("stored");
    // More than are erased at once.
    let uploads = futures_util::stream::iter(0..250).map(|number| {
        let ana = ana.clone();
        async move { ana.upload(numbered(1_000 + number)).await.expect("stored") }
    });
    uploads.buffer_unordered(8).collect::<Vec<_>>().await;

    accounts.erase(&ana).await.expect("erased");
    assert_eq!(images.rows("images").await, 1);
    assert_eq!(images.originals().await.len(), 1);
    assert!(luis.content(&his.id).await.expect("his").bytes == shared);
    let usage = images.admin().usage_of(&ana).await.expect("counted");
    assert_eq!((usage.images, usage.bytes), (0, 0));

    accounts.erase(&ana).await.expect("once more");
    accounts
        .erase(&images.user("nobody"))
        .await
        .expect("nothing to do");
    let error = ana.upload(&shared).await.expect_err("she is gone");
    assert_eq!(error.code, ErrorCode::PermissionDenied);
    assert_eq!(error.reason, "ACCOUNT_DELETED");
}

async fn uploads_at_the_same_time_leave_nothing_behind(images: TestImages) {
    let ana = images.user("ana");
    let accounts = images.service("accounts");
    ana.upload(numbered(999)).await.expect("stored");
    let uploads = futures_util::stream::iter(0..40).map(|number| {
        let ana = ana.clone();
        async move { ana.upload(numbered(number)).await.is_ok() }
    });
    let (_, erased) = tokio::join!(
        uploads.buffer_unordered(8).collect::<Vec<_>>(),
        accounts.erase(&ana),
    );
    erased.expect("erased");
    assert_eq!(images.rows("images").await, 0);
    assert_eq!(images.rows("blobs").await, 0);
    assert_eq!(images.originals().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_accounts_erases() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    for caller in [images.admin(), images.service("images"), ana.clone()] {
        let error = caller.erase(&ana).await.expect_err("not theirs");
        assert_eq!(error.code, ErrorCode::PermissionDenied);
    }
}
