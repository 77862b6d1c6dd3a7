//! Ranges, and bytes that are not there.

use pupila_core::ErrorCode;
use pupila_storage::StorageKey;

use crate::{
    harness::TestImages,
    pictures::{colour, fixture, large},
};

crate::on_every_store!(
    any_part_of_a_file_can_be_read,
    a_part_past_the_end_is_refused,
);

async fn any_part_of_a_file_can_be_read(images: TestImages) {
    let ana = images.user("ana");
    let file = fixture("scene.bmp");
    let size = file.len();
    let stored = ana.upload(&file).await.expect("stored");
    for (offset, length, expected) in [
        (0, None, 0..size),
        (0, Some(1), 0..1),
        (5, Some(10), 5..15),
        (1000, None, 1000..size),
        (size - 1, Some(u64::MAX), size - 1..size),
        (0, Some(size as u64), 0..size),
    ] {
        let part = ana.content_part(&stored.id, offset as u64, length).await;
        let part = part.expect("a part");
        assert!(part.bytes == file[expected.clone()], "{expected:?}");
        // Of the whole, for `Content-Range`.
        assert_eq!(part.header.size, size as u64);
    }
}

async fn a_part_past_the_end_is_refused(images: TestImages) {
    let ana = images.user("ana");
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    for offset in [stored.size, u64::MAX] {
        let error = ana.content_part(&stored.id, offset, Some(1)).await.err();
        let error = error.expect("nothing there");
        assert_eq!(error.code, ErrorCode::RangeNotSatisfiable);
        assert_eq!(error.reason, "RANGE_NOT_SATISFIABLE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_many_pieces_comes_whole() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let file = large(0);
    let stored = ana.upload(&file).await.expect("stored");
    assert!(ana.content(&stored.id).await.expect("there").bytes == file);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_missing_are_our_fault() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    for name in images.originals().await {
        let key = StorageKey::new(name).expect("a key");
        images.storage.storage.delete(&key).await.expect("deleted");
    }
    let error = ana.content(&stored.id).await.err().expect("missing");
    assert_eq!(error.code, ErrorCode::Internal);
    assert_eq!(error.reason, "IMAGE_BYTES_MISSING");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_is_not_read() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    for name in images.originals().await {
        let key = StorageKey::new(name).expect("a key");
        let cut = images.storage.storage.put(&key, "BM".into());
        cut.await.expect("written");
    }
    let error = ana.content(&stored.id).await.err().expect("damaged");
    assert_eq!(error.reason, "IMAGE_BYTES_MISSING");
}
