//! What a folder does beyond what every store must.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use jiff::{SignedDuration, Timestamp};
use pupila_core::{ErrorCode, Fault as _};
use pupila_storage::{Storage, StorageConfig, StorageError, StorageKey, TestStorage};
use tokio::task::JoinSet;

const OBJECT: Bytes = Bytes::from_static(b"an object");

fn key(text: &str) -> StorageKey {
    StorageKey::new(text).expect("a key")
}

fn folder(test: &TestStorage) -> PathBuf {
    test.config.path.clone().expect("a folder")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}

#[tokio::test]
async fn a_new_folder_is_for_one_user_alone() {
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("data/objects");
    let config = StorageConfig::folder(&path);
    Storage::open(&config).await.expect("made");
    assert_eq!(mode(&path), 0o700);
    assert_eq!(mode(&place.path().join("data")), 0o700);
}

#[tokio::test]
async fn a_folder_is_opened_again_with_what_it_held() {
    let test = TestStorage::folder().await;
    test.storage
        .put(&key("a/b"), OBJECT)
        .await
        .expect("written");
    let again = Storage::open(&test.config).await.expect("opened");
    let object = again.get(&key("a/b"), None).await.expect("it is there");
    assert_eq!(object.read().await.expect("read"), OBJECT);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    for path in [file.path().to_owned(), file.path().join("below")] {
        let error = Storage::open(&StorageConfig::folder(&path)).await;
        let error = error.expect_err("a file is no folder");
        assert!(matches!(error, StorageError::Folder(..)), "{error:?}");
        assert!(error.to_string().contains(&path.display().to_string()));
    }
}

#[tokio::test]
async fn a_folder_that_went_away_is_not_an_empty_one() {
    let test = TestStorage::folder().await;
    test.storage.put(&key("a"), OBJECT).await.expect("written");
    fs::remove_dir_all(folder(&test)).expect("gone");

    let storage = &test.storage;
    let listed: Result<Vec<_>, _> = storage.list(None).try_collect().await;
    for error in [
        storage.ping().await.err(),
        storage.put(&key("b"), OBJECT).await.err(),
        storage.get(&key("a"), None).await.err(),
        storage.head(&key("a")).await.err(),
        storage.delete(&key("a")).await.err(),
        storage.delete_prefix(&key("a")).await.err(),
        storage.discard_unfinished(Timestamp::MAX).await.err(),
        listed.err(),
    ] {
        let error = error.expect("it is away");
        assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
        assert_eq!(error.reason(), "STORAGE_UNAVAILABLE");
    }
    assert!(!folder(&test).exists(), "nobody made it again");
}

#[tokio::test]
async fn an_object_cannot_be_below_another() {
    let test = TestStorage::folder().await;
    let storage = &test.storage;
    storage.put(&key("a/b"), OBJECT).await.expect("written");
    for below in ["a", "a/b/c"] {
        let error = storage.get(&key(below), None).await.expect_err("absent");
        assert_eq!(error.code(), ErrorCode::NotFound, "{error:?}");
        storage.delete(&key(below)).await.expect("nothing to do");
        storage.put(&key(below), OBJECT).await.expect_err("no room");
    }
    let object = storage.get(&key("a/b"), None).await.expect("unharmed");
    assert_eq!(object.read().await.expect("read"), OBJECT);
}

#[tokio::test]
async fn what_a_dead_process_left_half_written_is_seen_by_nobody_and_discarded() {
    let test = TestStorage::folder().await;
    let storage = &test.storage;
    storage.put(&key("a/b"), OBJECT).await.expect("written");
    let half = folder(&test).join("a/b#1");
    fs::write(&half, "an ob").expect("half written");

    let seen: Vec<_> = storage.list(None).try_collect().await.expect("listed");
    assert_eq!(seen.len(), 1);

    let written = Timestamp::now();
    let hour = SignedDuration::from_hours(1);
    let discarded = storage.discard_unfinished(written - hour).await;
    assert_eq!(discarded.expect("searched"), 0, "it may still be written");
    let discarded = storage.discard_unfinished(written + hour).await;
    assert_eq!(discarded.expect("searched"), 1);
    assert!(!half.exists());
    let object = storage.get(&key("a/b"), None).await.expect("unharmed");
    assert_eq!(object.read().await.expect("read"), OBJECT);
}

#[tokio::test]
async fn a_deleted_object_leaves_no_empty_folders() {
    let test = TestStorage::folder().await;
    let storage = &test.storage;
    storage.put(&key("a/b/c"), OBJECT).await.expect("written");
    storage.delete(&key("a/b/c")).await.expect("deleted");
    assert!(!folder(&test).join("a").exists());
    assert!(folder(&test).exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_write_survives_the_deletions_that_clear_its_folder_away() {
    let test = TestStorage::folder().await;
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        let storage = test.storage.clone();
        let own = key(&format!("a/b/{task}"));
        tasks.spawn(async move {
            for _ in 0..400 {
                storage.put(&own, OBJECT).await.expect("written");
                storage.delete(&own).await.expect("deleted");
            }
        });
    }
    tasks.join_all().await;
}

#[tokio::test]
async fn files_of_somebody_else_are_no_objects() {
    let test = TestStorage::folder().await;
    fs::write(folder(&test).join("Notes.TXT"), "mine").expect("written");
    let found: Vec<_> = test.storage.list(None).try_collect().await.expect("listed");
    assert_eq!(found, []);
}

#[tokio::test]
async fn neither_or_both_places_are_refused() {
    let both = StorageConfig {
        path: Some("/tmp".into()),
        s3: Some(pupila_storage::S3Config::default()),
    };
    for config in [StorageConfig::default(), both] {
        let error = Storage::open(&config).await.expect_err("one place");
        assert!(matches!(error, StorageError::Config(_)), "{error:?}");
    }
}
