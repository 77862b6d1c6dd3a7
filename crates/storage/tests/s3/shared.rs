//! A bucket that several share.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use pupila_core::{ErrorCode, Fault as _};
use pupila_storage::{Storage, TestStorage};
use secrecy::ExposeSecret as _;

use crate::{OBJECT, config, key};

async fn below(test: &TestStorage, prefix: &str) -> Storage {
    let config = config(test, |s3| s3.prefix = prefix.to_owned());
    Storage::open(&config).await.expect("opened")
}

async fn names(storage: &Storage) -> BTreeSet<String> {
    let names = storage.list(None).map_ok(|facts| facts.key.to_string());
    names.try_collect().await.expect("listed")
}

#[tokio::test]
async fn each_sees_what_is_below_its_prefix_and_nothing_else() {
    let test = TestStorage::s3().await;
    let images = below(&test, "images").await;
    let others = below(&test, "images-of-others/2026").await;
    images.put(&key("a"), OBJECT).await.expect("written");
    others.put(&key("b"), OBJECT).await.expect("written");

    assert_eq!(names(&images).await, ["a".to_owned()].into());
    assert_eq!(names(&others).await, ["b".to_owned()].into());
    let error = images.get(&key("b"), None).await.expect_err("not ours");
    assert_eq!(error.code(), ErrorCode::NotFound);
    let all = ["images/a", "images-of-others/2026/b"].map(str::to_owned);
    assert_eq!(names(&test.storage).await, all.into());
}

#[tokio::test]
async fn a_store_shows_where_it_is_and_not_how_it_is_entered() {
    let test = TestStorage::s3().await;
    let shown = format!("{:?} {:?}", test.storage.clone(), test.config);
    assert!(shown.contains("pupila-test-"), "{shown}");
    let secret = test.config.s3.and_then(|s3| s3.secret_access_key);
    let secret = secret.expect("a secret");
    assert!(!shown.contains(secret.expose_secret()), "{shown}");
}
