//! What is away is told, and nothing is lost by it.

use jiff::SignedDuration;
use pupila_core::ErrorCode;
use pupila_runtime::readiness::Readiness as _;

use crate::{
    harness::{Engine, Place, TestImages},
    pictures::{colour, numbered},
};

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_images_is_not_ready_and_says_so() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    images.stores.ready().await.expect("ready");
    images.stores.close().await;
    images.stores.ready().await.expect_err("closed");
    let error = ana.upload(colour([1; 3])).await.expect_err("closed");
    assert_eq!(error.code, ErrorCode::Unavailable);
    assert_eq!(error.reason, "IMAGES_UNAVAILABLE");
    assert_eq!(error.message, "images cannot be stored or read now");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_object_store_is_away_nothing_is_half_stored() {
    let images = TestImages::start().await;
    let (ana, admin) = (images.user("ana"), images.admin());
    let kept = ana.upload(numbered(1)).await.expect("stored");
    let gone = ana.upload(numbered(2)).await.expect("stored");
    let folder = images.storage.config.path.clone().expect("a folder");
    let elsewhere = folder.with_extension("away");
    std::fs::rename(&folder, &elsewhere).expect("moved");

    images.stores.ready().await.expect_err("away");
    for error in [
        ana.upload(numbered(3)).await.err(),
        ana.content(&kept.id).await.err(),
        admin.sweep().await.err(),
    ] {
        let error = error.expect("away");
        assert_eq!(error.code, ErrorCode::Unavailable);
        assert_eq!(error.reason, "STORAGE_UNAVAILABLE");
    }
    // What needs no bytes goes on.
    assert_eq!(ana.get(&kept.id).await.expect("there"), kept);
    ana.delete(&gone.id).await.expect("deleted");
    assert_eq!(images.rows("images").await, 1);

    std::fs::rename(&elsewhere, &folder).expect("moved back");
    images.stores.ready().await.expect("ready");
    assert_eq!(
        images.originals().await.len(),
        2,
        "one is left to the sweeper"
    );
    images.clock.advance(SignedDuration::from_hours(2));
    let found = admin.sweep().await.expect("swept");
    assert_eq!((found.objects_removed, found.missing_sha256.len()), (1, 0));
    assert_eq!(images.originals().await.len(), 1);
    assert_eq!(images.rows("loose_objects").await, 0);
    ana.content(&kept.id).await.expect("kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_is_there_after_a_restart() {
    for engine in [Engine::Sqlite, Engine::MySql] {
        let images = TestImages::on(engine, Place::Folder).await;
        let file = colour([1; 3]);
        let stored = images.user("ana").upload(&file).await.expect("stored");
        let images = images.restarted(|_| {}).await;
        let content = images.user("ana").content(&stored.id).await;
        assert!(content.expect("there").bytes == file);
    }
}
