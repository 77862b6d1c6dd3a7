//! What is deleted is gone, with all that was made of it.

use pupila_core::ErrorCode;
use pupila_proto::images::v1::ReadRenditionRequest;

use crate::{harness::TestImages, pictures::fixture};

crate::on_every_store!(the_last_image_of_some_bytes_takes_them_along);

async fn the_last_image_of_some_bytes_takes_them_along(images: TestImages) {
    let ana = images.user("ana");
    let file = fixture("scene.png");
    let [one, other] =
        [ana.upload(&file).await, ana.upload(&file).await].map(|answer| answer.expect("stored"));
    let thumbnail = ReadRenditionRequest {
        id: one.id.clone(),
        preset: "thumbnail".to_owned(),
        ..Default::default()
    };
    ana.rendition(thumbnail.clone()).await.expect("made");
    assert_eq!(images.objects().await.len(), 2);

    ana.delete(&one.id).await.expect("deleted");
    assert_eq!(images.objects().await.len(), 2, "the other one needs them");
    for error in [
        ana.get(&one.id).await.err(),
        ana.content(&one.id).await.err(),
        ana.rendition(thumbnail).await.err(),
        ana.delete(&one.id).await.err(),
    ] {
        let error = error.expect("gone");
        assert_eq!(
            (error.code, &*error.reason),
            (ErrorCode::NotFound, "IMAGE_NOT_FOUND")
        );
    }
    ana.delete(&other.id).await.expect("deleted");
    assert_eq!(images.objects().await, [""; 0]);
    for table in ["images", "blobs", "loose_objects"] {
        assert_eq!(images.rows(table).await, 0, "{table}");
    }
    let usage = ana.usage().await.expect("counted");
    assert_eq!((usage.images, usage.bytes), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_come_again_are_another_object() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let file = fixture("scene.png");
    let first = ana.upload(&file).await.expect("stored");
    let before = images.originals().await;
    ana.delete(&first.id).await.expect("deleted");
    ana.upload(&file).await.expect("stored");
    let after = images.originals().await;
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_ne!(before, after);
}
