//! Many objects: listed, and deleted together.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use pupila_storage::Storage;

use crate::{key, on_every_store, put};

on_every_store!(
    an_empty_store_lists_nothing,
    a_list_tells_what_is_known_of_each_object,
    a_prefix_ends_at_a_segment,
    a_list_has_no_end_but_the_last_object,
    a_prefix_is_deleted_and_its_neighbours_are_not,
    many_objects_are_deleted_together,
);

/// More than S3 lists, or deletes, in one request.
const MANY: usize = 1_050;

async fn names(storage: &Storage, prefix: Option<&str>) -> BTreeSet<String> {
    let prefix = prefix.map(key);
    let found = storage.list(prefix.as_ref());
    let names = found.map_ok(|facts| facts.key.to_string());
    let names: Vec<_> = names.try_collect().await.expect("listed");
    let distinct: BTreeSet<_> = names.iter().cloned().collect();
    assert_eq!(distinct.len(), names.len(), "none comes twice");
    distinct
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

async fn put_many(storage: &Storage) -> BTreeSet<String> {
    let names: BTreeSet<_> = (0..MANY)
        .map(|at| format!("many/{}/{at}", at % 7))
        .collect();
    stream::iter(&names)
        .for_each_concurrent(16, |name| put(storage, name, name.clone()))
        .await;
    names
}

async fn an_empty_store_lists_nothing(storage: Storage) {
    assert_eq!(names(&storage, None).await, set([]));
    assert_eq!(names(&storage, Some("a")).await, set([]));
}

async fn a_list_tells_what_is_known_of_each_object(storage: Storage) {
    put(&storage, "a", "").await;
    put(&storage, "b/c", "12345").await;
    let found: Vec<_> = storage.list(None).try_collect().await.expect("listed");
    assert_eq!(found.len(), 2);
    for listed in found {
        let head = storage.head(&listed.key).await.expect("it is there");
        assert_eq!((&listed.key, listed.size), (&head.key, head.size));
        // S3 tells a fraction of the second in a list only.
        let written = [listed, head].map(|facts| facts.last_modified.as_second());
        assert_eq!(written[0], written[1]);
        assert!(written[0] > 0);
    }
}

async fn a_prefix_ends_at_a_segment(storage: Storage) {
    for name in ["a/1", "a/b/2", "ab/3", "c"] {
        put(&storage, name, "").await;
    }
    assert_eq!(names(&storage, Some("a")).await, set(["a/1", "a/b/2"]));
    assert_eq!(names(&storage, Some("c")).await, set([]), "not itself");
    assert_eq!(
        names(&storage, None).await,
        set(["a/1", "a/b/2", "ab/3", "c"])
    );
}

async fn a_list_has_no_end_but_the_last_object(storage: Storage) {
    let written = put_many(&storage).await;
    assert_eq!(names(&storage, None).await, written);
    assert_eq!(names(&storage, Some("many")).await, written);
}

async fn a_prefix_is_deleted_and_its_neighbours_are_not(storage: Storage) {
    for name in ["a/1", "a/b/2", "ab/3", "c"] {
        put(&storage, name, "").await;
    }
    let deleted = storage.delete_prefix(&key("a")).await;
    assert_eq!(deleted.expect("deleted"), 2);
    assert_eq!(names(&storage, None).await, set(["ab/3", "c"]));
    let again = storage.delete_prefix(&key("a")).await;
    assert_eq!(again.expect("nothing to do"), 0);
}

async fn many_objects_are_deleted_together(storage: Storage) {
    put_many(&storage).await;
    let deleted = storage.delete_prefix(&key("many")).await;
    assert_eq!(deleted.expect("deleted"), MANY as u64);
    assert_eq!(names(&storage, None).await, set([]));
}
