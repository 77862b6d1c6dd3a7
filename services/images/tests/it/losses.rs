//! Bytes that the object store lost come back with whoever uploads them again.

use bytes::Bytes;
use pupila_core::ErrorCode;
use pupila_storage::StorageKey;

use crate::{harness::TestImages, pictures::numbered};

crate::on_every_store!(
    bytes_that_were_lost_come_back_with_the_next_upload,
    bytes_that_were_cut_short_come_back_with_the_next_upload,
);

async fn the_object(images: &TestImages) -> StorageKey {
    let [name] = &images.originals().await[..] else {
        panic!("one is kept")
    };
    StorageKey::new(name.clone()).expect("a key")
}

async fn bytes_that_were_lost_come_back_with_the_next_upload(images: TestImages) {
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let file = numbered(1);
    let hers = ana.upload(&file).await.expect("stored");
    let object = the_object(&images).await;
    images.storage.storage.delete(&object).await.expect("lost");
    let error = ana.content(&hers.id).await.err().expect("lost");
    assert_eq!(error.code, ErrorCode::Internal);

    let his = luis.upload(&file).await.expect("stored");
    for (user, image) in [(&ana, hers), (&luis, his)] {
        assert!(user.content(&image.id).await.expect("there").bytes == file);
    }
    // Under another name: one that was deleted is never written again.
    assert_ne!(the_object(&images).await, object);
}

async fn bytes_that_were_cut_short_come_back_with_the_next_upload(images: TestImages) {
    let ana = images.user("ana");
    let file = numbered(1);
    ana.upload(&file).await.expect("stored");
    let half = Bytes::copy_from_slice(&file[..file.len() / 2]);
    let object = the_object(&images).await;
    images
        .storage
        .storage
        .put(&object, half)
        .await
        .expect("cut");

    let again = ana.upload(&file).await.expect("stored");
    assert!(ana.content(&again.id).await.expect("there").bytes == file);
    assert_ne!(the_object(&images).await, object);
    assert_eq!(images.rows("loose_objects").await, 0);
}
