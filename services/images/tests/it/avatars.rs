//! The one picture of a profile.

use futures_util::future::join_all;
use pupila_core::ErrorCode;
use pupila_proto::images::v1::ReadRenditionRequest;

use crate::{
    harness::TestImages,
    pictures::{SIZE, colour, decoded, fixture, numbered},
};

crate::on_every_engine!(
    a_new_picture_takes_the_place_of_the_old_one,
    of_pictures_put_at_the_same_time_one_stays,
);

async fn a_new_picture_takes_the_place_of_the_old_one(images: TestImages) {
    let ana = images.user("ana");
    let error = ana.avatar().await.expect_err("none yet");
    assert_eq!(
        (error.code, &*error.reason),
        (ErrorCode::NotFound, "AVATAR_NOT_FOUND")
    );

    let old = ana.put_avatar(colour([1; 3])).await.expect("stored");
    assert_eq!(ana.avatar().await.expect("there"), old);
    let new = ana.put_avatar(colour([2; 3])).await.expect("stored");
    assert_eq!(ana.avatar().await.expect("there"), new);
    assert_eq!(
        ana.get(&old.id).await.expect_err("gone").reason,
        "IMAGE_NOT_FOUND"
    );
    let usage = ana.usage().await.expect("counted");
    assert_eq!((usage.images, usage.bytes), (1, SIZE));
    assert_eq!(images.originals().await.len(), 1);

    // The very same once more.
    let same = ana.put_avatar(colour([2; 3])).await.expect("stored");
    assert!(ana.content(&same.id).await.expect("there").bytes == colour([2; 3]));
    assert_eq!(images.originals().await.len(), 1);

    ana.delete_avatar().await.expect("deleted");
    assert_eq!(images.objects().await, [""; 0]);
    let error = ana.delete_avatar().await.expect_err("gone");
    assert_eq!(error.reason, "AVATAR_NOT_FOUND");
    assert_eq!(ana.usage().await.expect("counted").images, 0);
}

async fn of_pictures_put_at_the_same_time_one_stays(images: TestImages) {
    let ana = images.user("ana");
    let puts = (0..8).map(|number| {
        let ana = ana.clone();
        // Some of them the same.
        async move { ana.put_avatar(numbered(number % 3)).await }
    });
    for answer in join_all(puts).await {
        answer.expect("stored");
    }
    let face = ana.avatar().await.expect("there");
    assert_eq!(
        ana.content(&face.id).await.expect("there").bytes.len() as u64,
        SIZE
    );
    let usage = ana.usage().await.expect("counted");
    assert_eq!((usage.images, usage.bytes), (1, SIZE));
    assert_eq!(images.rows("images").await, 1);
    assert_eq!(images.originals().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_picture_is_rendered_like_any_other() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let face = ana.put_avatar(fixture("scene.jpeg")).await.expect("stored");
    let order = ReadRenditionRequest {
        id: face.id,
        recipe: Some(pupila_proto::images::v1::Recipe {
            width: Some(32),
            ..Default::default()
        }),
        ..Default::default()
    };
    let rendition = ana.rendition(order).await.expect("made");
    assert_eq!(decoded(&rendition.bytes).picture.width(), 32);
}
