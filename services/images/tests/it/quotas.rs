//! How much a user may store.

use std::collections::HashSet;

use futures_util::future::join_all;
use pupila_core::ErrorCode;
use pupila_proto::images::v1::ImageHeader;

use crate::{
    harness::TestImages,
    pictures::{SIZE, colour, numbered},
    user::header,
};

crate::on_every_engine!(
    uploads_at_the_same_time_cannot_pass_the_quota,
    a_repeat_at_the_same_time_needs_no_room_of_its_own,
);

async fn uploads_at_the_same_time_cannot_pass_the_quota(images: TestImages) {
    let (ana, admin) = (images.user("ana"), images.admin());
    admin.set_quota(&ana, Some(5 * SIZE)).await.expect("set");
    let answers = join_all((0..16).map(|number| {
        let ana = ana.clone();
        async move { ana.upload(numbered(number)).await }
    }))
    .await;
    let (stored, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((stored.len(), refused.len()), (5, 11));
    for answer in refused {
        let error = answer.expect_err("no room");
        assert_eq!(error.code, ErrorCode::PermissionDenied);
        assert_eq!(error.reason, "QUOTA_EXCEEDED");
    }
    let usage = ana.usage().await.expect("counted");
    assert_eq!(
        (usage.images, usage.bytes, usage.quota_bytes),
        (5, 5 * SIZE, 5 * SIZE)
    );
    // Those that found no room left nothing.
    assert_eq!(images.originals().await.len(), 5);
    assert_eq!(images.rows("loose_objects").await, 0);
}

async fn a_repeat_at_the_same_time_needs_no_room_of_its_own(images: TestImages) {
    let (ana, admin) = (images.user("ana"), images.admin());
    for round in 1..=10 {
        admin
            .set_quota(&ana, Some(u64::from(round) * SIZE))
            .await
            .expect("set");
        let answers = join_all((0..8).map(|_| {
            let header = ImageHeader {
                idempotency_key: format!("key-{round}"),
                ..header("picture.bmp")
            };
            ana.upload_as(header, numbered(round))
        }))
        .await;
        let ids: HashSet<_> = answers
            .into_iter()
            .map(|answer| answer.expect("stored once").id)
            .collect();
        assert_eq!(ids.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_is_the_configured_one_until_an_administrator_sets_another() {
    let images = TestImages::configured(|config| config.quota_bytes = 2 * SIZE).await;
    let (ana, admin) = (images.user("ana"), images.admin());
    assert_eq!(
        admin.usage_of(&ana).await.expect("known").quota_bytes,
        2 * SIZE
    );
    for number in 0..2 {
        ana.upload(numbered(number)).await.expect("room");
    }
    let error = ana.upload(numbered(2)).await.expect_err("no room");
    assert_eq!(error.reason, "QUOTA_EXCEEDED");
    assert!(error.message.contains(&(2 * SIZE).to_string()), "{error}");

    let usage = admin.set_quota(&ana, Some(3 * SIZE)).await.expect("set");
    assert_eq!((usage.bytes, usage.quota_bytes), (2 * SIZE, 3 * SIZE));
    ana.upload(numbered(2)).await.expect("room");
    let usage = admin.set_quota(&ana, None).await.expect("set");
    assert_eq!((usage.bytes, usage.quota_bytes), (3 * SIZE, 2 * SIZE));
    // What is there stays.
    assert_eq!(ana.usage().await.expect("counted").images, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_over_the_quota_may_still_free_some() {
    let images = TestImages::start().await;
    let (ana, admin) = (images.user("ana"), images.admin());
    ana.put_avatar(crate::pictures::fixture("scene.bmp"))
        .await
        .expect("stored");
    admin.set_quota(&ana, Some(0)).await.expect("set");
    let face = ana.put_avatar(colour([1; 3])).await.expect("a smaller one");
    assert_eq!(ana.usage().await.expect("counted").bytes, face.size);
    let error = ana.upload(colour([2; 3])).await.expect_err("no room");
    assert_eq!(error.reason, "QUOTA_EXCEEDED");
}
