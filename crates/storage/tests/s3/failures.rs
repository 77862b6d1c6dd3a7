//! A server that is away, slow, overloaded or unwilling.

use std::{
    error::Error,
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{TryStreamExt as _, future};
use pupila_core::{ErrorCode, Fault as _};
use pupila_storage::{Storage, StorageConfig, StorageError, TestStorage};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use crate::{OBJECT, config, key, relay::Relay};

/// What a caller may have to wait for a server that is away.
const SECONDS: Duration = Duration::from_secs(10);

async fn refused(config: &StorageConfig) -> StorageError {
    let opening = timeout(SECONDS, Storage::open(config)).await;
    opening.expect("it did not take long").expect_err("refused")
}

/// Everything that an error could tell, to a caller or to the log.
fn told(error: &StorageError) -> String {
    let mut told = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(told, " {error} {error:?}").expect("written");
        cause = error.source();
    }
    told
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_not_repeated() {
    let test = TestStorage::s3().await;
    for (key, secret) in [("pupila", "hunter2-hunter2"), ("nobody", "hunter2-hunter2")] {
        let wrong = config(&test, |s3| {
            s3.access_key_id = key.to_owned();
            s3.secret_access_key = Some(secret.into());
        });
        let error = refused(&wrong).await;
        assert!(matches!(error, StorageError::Refused(_)), "{error:?}");
        assert_eq!(error.code(), ErrorCode::Internal);
        assert!(!told(&error).contains("hunter2"), "{}", told(&error));
    }
}

#[tokio::test]
async fn a_bucket_that_does_not_exist_is_no_missing_object() {
    let test = TestStorage::s3().await;
    let gone = config(&test, |s3| s3.bucket = "pupila-nowhere".to_owned());
    let error = refused(&gone).await;
    assert!(matches!(error, StorageError::Failed(_)), "{error:?}");
    assert!(told(&error).contains("NoSuchBucket"), "{}", told(&error));
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_soon() {
    let test = TestStorage::s3().await;
    // Port 1 is reserved, so nothing listens there.
    let away = config(&test, |s3| {
        s3.endpoint = Some("http://127.0.0.1:1".to_owned())
    });
    let error = refused(&away).await;
    assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
    assert_eq!(error.reason(), "STORAGE_UNAVAILABLE");
}

#[tokio::test]
async fn a_silent_server_is_unavailable_soon() {
    let test = TestStorage::s3().await;
    let silent = Relay::new(|connection| async move {
        future::pending::<()>().await;
        drop(connection);
    });
    let silent = silent.await;
    let silent = config(&test, |s3| {
        s3.endpoint = silent.endpoint();
        s3.timeout_ms = 100;
    });
    let error = refused(&silent).await;
    assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
}

#[tokio::test]
async fn an_overloaded_server_is_asked_again_and_then_unavailable() {
    let test = TestStorage::s3().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let overloaded = Relay::new(move |mut connection| {
        count.fetch_add(1, Ordering::Relaxed);
        async move {
            let _ = connection.read(&mut [0; 4096]).await;
            let answer = "HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _ = connection.write_all(answer.as_bytes()).await;
        }
    });
    let overloaded = overloaded.await;
    let error = refused(&config(&test, |s3| s3.endpoint = overloaded.endpoint())).await;
    assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_server_that_dies_makes_everything_unavailable() {
    let test = TestStorage::s3().await;
    test.storage.put(&key("a"), OBJECT).await.expect("written");
    let relay = Relay::to(&test, u64::MAX).await;
    let config = config(&test, |s3| s3.endpoint = relay.endpoint());
    let storage = Storage::open(&config).await.expect("it lives");
    storage.head(&key("a")).await.expect("it is there");
    relay.stop().await;

    let asked = async {
        let listed: Result<Vec<_>, _> = storage.list(None).try_collect().await;
        [
            storage.ping().await.err(),
            storage.put(&key("b"), OBJECT).await.err(),
            storage.get(&key("a"), None).await.err(),
            storage.get(&key("a"), Some(0..1)).await.err(),
            storage.head(&key("a")).await.err(),
            storage.delete(&key("a")).await.err(),
            storage.delete_prefix(&key("a")).await.err(),
            listed.err(),
        ]
    };
    for error in timeout(SECONDS, asked).await.expect("soon") {
        let error = error.expect("it is away");
        assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
    }
}

#[tokio::test]
async fn an_object_that_breaks_off_is_an_error_and_not_a_short_object() {
    let test = TestStorage::s3().await;
    let large = vec![7; 8 << 20];
    test.storage
        .put(&key("a"), large.into())
        .await
        .expect("written");
    // Each attempt brings some more, and not enough.
    let relay = Relay::to(&test, 1 << 20).await;
    let config = config(&test, |s3| s3.endpoint = relay.endpoint());
    let storage = Storage::open(&config).await.expect("it answers");
    let object = storage.get(&key("a"), None).await.expect("it begins");
    let error = timeout(SECONDS, object.read()).await.expect("soon");
    let error = error.expect_err("it broke off");
    assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
}
