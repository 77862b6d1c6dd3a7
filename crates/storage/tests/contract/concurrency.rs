//! Several at once.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use pupila_storage::Storage;

use crate::{on_every_store, put, read};

on_every_store!(a_reader_sees_one_object_or_the_other_and_never_a_mixture);

const SIZE: usize = 200_000;

/// An object that shows a mixture.
fn uniform(letter: u8) -> Bytes {
    vec![letter; SIZE].into()
}

async fn a_reader_sees_one_object_or_the_other_and_never_a_mixture(storage: Storage) {
    put(&storage, "contested", uniform(b'a')).await;
    let writers = stream::iter(b'a'..=b'z').for_each_concurrent(8, |letter| {
        let storage = &storage;
        async move { put(storage, "contested", uniform(letter)).await }
    });
    let readers = stream::iter(0..40).for_each_concurrent(8, |_| async {
        let seen = read(&storage, "contested").await;
        assert_eq!(seen, uniform(seen[0]));
    });
    tokio::join!(writers, readers);
}
