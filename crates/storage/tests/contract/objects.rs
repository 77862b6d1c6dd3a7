//! One object: written, read, replaced, deleted.

use bytes::Bytes;
use pupila_core::{ErrorCode, Fault as _};
use pupila_storage::{Storage, StorageError};

use crate::{bytes, key, on_every_store, put, read};

on_every_store!(
    an_object_comes_back_as_it_went_in,
    a_large_object_comes_back_as_it_went_in,
    an_empty_object_is_an_object,
    a_range_brings_its_bytes_and_no_others,
    a_range_past_the_end_is_told_from_a_missing_object,
    a_new_object_takes_the_place_of_the_old,
    what_was_never_written_does_not_exist,
    what_was_deleted_does_not_exist,
    deleting_twice_is_as_good_as_once,
    an_open_store_answers,
);

const MEBIBYTE: usize = 1 << 20;

async fn an_object_comes_back_as_it_went_in(storage: Storage) {
    put(&storage, "originals/3a/3a7b", "an image").await;

    let object = storage.get(&key("originals/3a/3a7b"), None).await;
    let object = object.expect("it is there");
    assert_eq!(object.facts.key, key("originals/3a/3a7b"));
    assert_eq!((object.facts.size, object.range.clone()), (8, 0..8));
    let head = storage.head(&key("originals/3a/3a7b")).await;
    assert_eq!(head.expect("it is there"), object.facts);
    assert_eq!(object.read().await.expect("read"), "an image");
}

async fn a_large_object_comes_back_as_it_went_in(storage: Storage) {
    let large = bytes(20 * MEBIBYTE);
    put(&storage, "large", large.clone()).await;
    assert!(read(&storage, "large").await == large);

    let end = large.len() as u64;
    let tail = storage.get(&key("large"), Some(end - 3..end)).await;
    let tail = tail.expect("it is there").read().await.expect("read");
    assert_eq!(tail, large.slice(large.len() - 3..));
}

async fn an_empty_object_is_an_object(storage: Storage) {
    put(&storage, "empty", Bytes::new()).await;
    assert_eq!(read(&storage, "empty").await, Bytes::new());
    let facts = storage.head(&key("empty")).await.expect("it is there");
    assert_eq!(facts.size, 0);
    let range = storage.get(&key("empty"), Some(0..1)).await;
    assert!(matches!(range, Err(StorageError::Range(_))), "{range:?}");
}

async fn a_range_brings_its_bytes_and_no_others(storage: Storage) {
    put(&storage, "digits", "0123456789").await;
    for (range, brought) in [
        (0..1, "0"),
        (3..7, "3456"),
        (9..10, "9"),
        (0..10, "0123456789"),
        (8..100, "89"),
        (9..u64::from(u32::MAX), "9"),
    ] {
        let object = storage.get(&key("digits"), Some(range.clone())).await;
        let object = object.expect("it is there");
        assert_eq!(object.facts.size, 10);
        assert_eq!(object.range, range.start..range.end.min(10));
        assert_eq!(object.read().await.expect("read"), brought);
    }
}

async fn a_range_past_the_end_is_told_from_a_missing_object(storage: Storage) {
    put(&storage, "digits", "0123456789").await;
    #[expect(clippy::reversed_empty_ranges, reason = "hostile")]
    for range in [10..11, 11..20, 3..3, 5..2, u64::MAX - 1..u64::MAX] {
        let error = storage.get(&key("digits"), Some(range)).await;
        let error = error.expect_err("no such bytes");
        assert_eq!(error.code(), ErrorCode::InvalidArgument, "{error}");
    }
    let error = storage.get(&key("letters"), Some(0..1)).await;
    let error = error.expect_err("no such object");
    assert_eq!(error.code(), ErrorCode::NotFound, "{error}");
}

async fn a_new_object_takes_the_place_of_the_old(storage: Storage) {
    put(&storage, "a", "long and old").await;
    put(&storage, "a", "new").await;
    assert_eq!(read(&storage, "a").await, "new");
}

async fn what_was_never_written_does_not_exist(storage: Storage) {
    let error = storage.get(&key("a/b"), None).await.expect_err("absent");
    assert_eq!(error.reason(), "OBJECT_NOT_FOUND");
    assert_eq!(error.to_string(), "object `a/b` does not exist");
    let error = storage.head(&key("a/b")).await.expect_err("absent");
    assert_eq!(error.code(), ErrorCode::NotFound);
}

async fn what_was_deleted_does_not_exist(storage: Storage) {
    put(&storage, "a/b/c", "gone").await;
    put(&storage, "a/b/d", "stays").await;
    storage.delete(&key("a/b/c")).await.expect("deleted");
    let error = storage.get(&key("a/b/c"), None).await.expect_err("deleted");
    assert_eq!(error.code(), ErrorCode::NotFound);
    assert_eq!(read(&storage, "a/b/d").await, "stays");
}

async fn deleting_twice_is_as_good_as_once(storage: Storage) {
    put(&storage, "a/b", "gone").await;
    for name in ["a/b", "a/b", "never/was"] {
        storage.delete(&key(name)).await.expect("deleted");
    }
}

async fn an_open_store_answers(storage: Storage) {
    storage.ping().await.expect("it answers");
}
