//! What a bucket does beyond what every store must: it is far away, and others may be in it.

mod failures;
mod relay;
mod shared;
mod tls;

use bytes::Bytes;
use pupila_storage::{S3Config, StorageConfig, StorageKey, TestStorage};

const OBJECT: Bytes = Bytes::from_static(b"an object");

fn key(text: &str) -> StorageKey {
    StorageKey::new(text).expect("a key")
}

/// How the test's bucket is reached, with changes.
fn config(test: &TestStorage, change: impl FnOnce(&mut S3Config)) -> StorageConfig {
    let mut s3 = test.config.s3.clone().expect("a bucket");
    change(&mut s3);
    StorageConfig::bucket(s3)
}
