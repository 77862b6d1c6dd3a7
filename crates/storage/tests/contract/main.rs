//! What every store of objects must do: a folder and a bucket alike.

mod concurrency;
mod list;
mod objects;

use bytes::Bytes;
use pupila_storage::{Storage, StorageKey};

/// Runs each test, a function of a [`Storage`], on a folder and on the S3 test server.
macro_rules! on_every_store {
    ($($test:ident),+ $(,)?) => {
        mod folder {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let test = pupila_storage::TestStorage::folder().await;
                super::$test(test.storage.clone()).await;
            })+
        }

        mod s3 {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let test = pupila_storage::TestStorage::s3().await;
                super::$test(test.storage.clone()).await;
            })+
        }
    };
}
pub(crate) use on_every_store;

fn key(text: &str) -> StorageKey {
    StorageKey::new(text).expect("a key")
}

async fn put(storage: &Storage, name: &str, bytes: impl Into<Bytes>) {
    let put = storage.put(&key(name), bytes.into()).await;
    put.expect("written");
}

async fn read(storage: &Storage, name: &str) -> Bytes {
    let object = storage.get(&key(name), None).await.expect("it is there");
    object.read().await.expect("read")
}

/// Bytes that are all different from those nearby.
fn bytes(size: usize) -> Bytes {
    (0..size)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}
