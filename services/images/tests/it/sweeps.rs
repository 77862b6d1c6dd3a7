//! The sweeper finds what rows and objects do not agree on, and touches nothing else.

use bytes::Bytes;
use jiff::SignedDuration;
use pupila_core::Digest;
use pupila_images::{ImagesConfig, open};
use pupila_proto::images::v1::{ReadRenditionRequest, SweepStorageResponse};
use pupila_runtime::identity::ServiceIdentity;
use pupila_storage::StorageKey;

use crate::{
    harness::TestImages,
    pictures::{colour, fixture, numbered},
};

crate::on_every_store!(
    a_store_without_orphans_is_left_as_it_is,
    orphans_go_once_they_are_old,
    two_sweepers_at_once_do_no_harm,
);

async fn plant(images: &TestImages, name: &str) {
    let key = StorageKey::new(name).expect("a key");
    let planted = images.storage.storage.put(&key, Bytes::from_static(b"?"));
    planted.await.expect("written");
}

/// An object as an upload leaves it that died between the object and its row, in a store whose rows were lost.
async fn orphan(images: &TestImages, number: u32) -> String {
    let digest = Digest::of(&number.to_be_bytes());
    let first = digest.as_bytes()[0];
    let name = format!("originals/{first:02x}/{digest}/{}", uuid::Uuid::nil());
    plant(images, &name).await;
    name
}

async fn a_store_without_orphans_is_left_as_it_is(images: TestImages) {
    let ana = images.user("ana");
    for number in 0..5 {
        let stored = ana.upload(numbered(number)).await.expect("stored");
        let thumbnail = ReadRenditionRequest {
            id: stored.id,
            preset: "thumbnail".to_owned(),
            ..Default::default()
        };
        ana.rendition(thumbnail).await.expect("made");
    }
    let before = images.objects().await;
    images.clock.advance(SignedDuration::from_hours(48));
    let found = images.admin().sweep().await.expect("swept");
    let expected = SweepStorageResponse {
        objects_seen: 10,
        ..Default::default()
    };
    assert_eq!(found, expected);
    assert_eq!(images.objects().await, before);
}

async fn orphans_go_once_they_are_old(images: TestImages) {
    let (ana, admin) = (images.user("ana"), images.admin());
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    let kept = images.objects().await;
    for number in 0..3 {
        orphan(&images, number).await;
    }
    let digest = Digest::of(b"no blob has it");
    let first = digest.as_bytes()[0];
    plant(&images, &format!("renditions/{first:02x}/{digest}/0a1b")).await;

    // A rendition is never in time; the orphans may belong to uploads.
    let found = admin.sweep().await.expect("swept");
    assert_eq!((found.objects_seen, found.objects_removed), (5, 1));
    images.clock.advance(SignedDuration::from_hours(2));
    let found = admin.sweep().await.expect("swept");
    assert_eq!((found.objects_seen, found.objects_removed), (4, 3));
    assert_eq!(images.objects().await, kept);
    ana.content(&stored.id).await.expect("kept");
}

async fn two_sweepers_at_once_do_no_harm(images: TestImages) {
    let (ana, admin) = (images.user("ana"), images.admin());
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    for number in 0..20 {
        orphan(&images, number).await;
    }
    images.clock.advance(SignedDuration::from_hours(2));
    let (one, other) = tokio::join!(admin.sweep(), admin.sweep());
    let removed = one.expect("swept").objects_removed + other.expect("swept").objects_removed;
    assert!((20..=40).contains(&removed), "{removed}");
    assert_eq!(images.originals().await.len(), 1);
    ana.content(&stored.id).await.expect("kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_put_into_the_store_is_theirs() {
    let images = TestImages::start().await;
    let names = [
        "holiday.jpeg",
        "originals/2026/07/holiday.jpeg",
        "originals/holiday.jpeg",
        "renditions/00/holiday.jpeg",
    ];
    for name in names {
        plant(&images, name).await;
    }
    images.clock.advance(SignedDuration::from_hours(10_000 - 1));
    let found = images.admin().sweep().await.expect("swept");
    assert_eq!(found.objects_removed, 0);
    assert_eq!(images.objects().await, names);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_and_damaged_bytes_are_told() {
    let images = TestImages::start().await;
    let (ana, admin) = (images.user("ana"), images.admin());
    let mut expected = Vec::new();
    for number in 0..3 {
        expected.push(ana.upload(numbered(number)).await.expect("stored").sha256);
    }
    expected.sort();
    for (at, name) in images.originals().await.into_iter().enumerate() {
        let key = StorageKey::new(name).expect("a key");
        match at {
            0 => images.storage.storage.delete(&key).await.expect("deleted"),
            1 => plant(&images, key.as_str()).await,
            _ => {}
        }
    }
    let found = admin.sweep().await.expect("swept");
    assert_eq!(found.missing_sha256, expected[..2]);
    // They are told, and stay: somebody may find them in a backup.
    assert_eq!(images.rows("images").await, 3);
    let again = admin.sweep().await.expect("swept");
    assert_eq!(again.missing_sha256, expected[..2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_bytes_without_an_image_go() {
    let images = TestImages::start().await;
    let (ana, admin) = (images.user("ana"), images.admin());
    let [lost, kept] = [numbered(1), numbered(2)];
    ana.upload(&lost).await.expect("stored");
    images.execute("DELETE FROM images").await;
    let other = ana.upload(&kept).await.expect("stored");
    let found = admin.sweep().await.expect("swept");
    assert_eq!((found.records_removed, found.objects_removed), (1, 1));
    assert_eq!(images.rows("blobs").await, 1);
    assert_eq!(images.originals().await.len(), 1);
    assert!(ana.content(&other.id).await.expect("kept").bytes == kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn renditions_that_were_made_long_ago_go_and_come_again() {
    let images = TestImages::start().await;
    let (ana, admin) = (images.user("ana"), images.admin());
    let stored = ana.upload(fixture("scene.png")).await.expect("stored");
    let thumbnail = ReadRenditionRequest {
        id: stored.id,
        preset: "thumbnail".to_owned(),
        ..Default::default()
    };
    let before = ana.rendition(thumbnail.clone()).await.expect("made");
    images.clock.advance(SignedDuration::from_hours(29 * 24));
    assert_eq!(admin.sweep().await.expect("swept").objects_removed, 0);
    images.clock.advance(SignedDuration::from_hours(2 * 24));
    assert_eq!(admin.sweep().await.expect("swept").objects_removed, 1);
    let after = ana.rendition(thumbnail).await.expect("made again");
    assert!(before.bytes == after.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_does_not_know_the_store_does_not_get_it() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    ana.upload(colour([1; 3])).await.expect("stored");
    let other = pupila_db::TestDatabase::sqlite().await;
    let config = ImagesConfig {
        database: other.config.clone(),
        storage: images.storage.config.clone(),
        ..ImagesConfig::default()
    };
    let accounts = images.accounts.transport();
    let secret = "secret".to_owned().into();
    let clock = images.clock.clone();
    let identity = ServiceIdentity::new("images", secret, accounts.clone(), clock.clone());
    let refused = open(&config, clock, accounts, identity).await;
    let error = refused.err().expect("not theirs").to_string();
    assert!(error.contains("belongs to another database"), "{error}");
    assert_eq!(images.originals().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_deleted_keeps_nothing_else_from_it() {
    let images = TestImages::start().await;
    let (ana, admin) = (images.user("ana"), images.admin());
    for number in 0..3 {
        ana.upload(numbered(number)).await.expect("stored");
    }
    images
        .execute(
            "INSERT INTO loose_objects (generation, sha256, doomed, create_time) \
             SELECT generation, sha256, 1, 0 FROM blobs",
        )
        .await;
    images.execute("DELETE FROM images").await;
    images.execute("DELETE FROM blobs").await;
    // The first of them stays.
    images
        .execute(
            "CREATE TRIGGER stuck BEFORE DELETE ON loose_objects \
             WHEN OLD.generation = (SELECT MIN(generation) FROM loose_objects) \
             BEGIN SELECT RAISE(ABORT, 'on purpose'); END",
        )
        .await;
    let error = admin.sweep().await.expect_err("told");
    assert_eq!(error.reason, "IMAGES_FAILED");
    assert_eq!(images.rows("loose_objects").await, 1);
    assert_eq!(images.originals().await, [""; 0]);
    images.execute("DROP TRIGGER stuck").await;
    admin.sweep().await.expect("swept");
    assert_eq!(images.rows("loose_objects").await, 0);
}
