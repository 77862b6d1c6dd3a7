//! Fresh, empty stores for tests.

use std::{env, thread, time::Duration};

use futures_util::{StreamExt as _, TryStreamExt as _};
use http::{Method, Request};
use object_store::{
    ClientOptions, ObjectStore as _,
    aws::AmazonS3,
    client::{HttpConnector as _, HttpRequestBody, ReqwestConnector},
    path::Path,
    signer::Signer as _,
};
use secrecy::SecretString;
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

use crate::{S3Config, Storage, StorageConfig, bucket::Bucket};

/// The server on which test buckets are made, such as `http://key:secret@127.0.0.1:33307`.
const SERVER: &str = "PUPILA_TEST_S3_URL";

/// A store of a test's own, deleted when the value goes.
pub struct TestStorage {
    /// The way in.
    pub storage: Storage,
    /// How to reach it once more.
    pub config: StorageConfig,
    _place: Place,
}

#[expect(dead_code, reason = "held to be dropped, which deletes it")]
enum Place {
    Folder(TempDir),
    Bucket(TestBucket),
}

struct TestBucket(AmazonS3);

impl TestStorage {
    /// A folder of its own.
    ///
    /// # Panics
    /// The folder cannot be made.
    pub async fn folder() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = StorageConfig::folder(folder.path().join("objects"));
        Self::at(config, Place::Folder(folder)).await
    }

    /// A bucket of its own on the server that `PUPILA_TEST_S3_URL` names.
    ///
    /// # Panics
    /// The variable is not set, or the server is away or refuses.
    pub async fn s3() -> Self {
        let server = env::var(SERVER).unwrap_or_else(|_| {
            panic!("{SERVER} is not set: run `make test`, which starts a server")
        });
        let mut server: Url = server.parse().expect("a URL");
        let access_key_id = server.username().to_owned();
        let secret = server.password().expect("a secret in the URL").to_owned();
        server.set_username("").expect("a URL with a host");
        server.set_password(None).expect("a URL with a host");

        let s3 = S3Config {
            endpoint: Some(server.as_str().trim_end_matches('/').to_owned()),
            bucket: format!("pupila-test-{}", Uuid::now_v7().simple()),
            access_key_id,
            secret_access_key: Some(SecretString::from(secret)),
            allow_http: true,
            ..S3Config::default()
        };
        let bucket = Bucket::open(&s3).expect("a bucket").bucket;
        call(&bucket, Method::PUT).await;
        let place = Place::Bucket(TestBucket(bucket));
        Self::at(StorageConfig::bucket(s3), place).await
    }

    async fn at(config: StorageConfig, place: Place) -> Self {
        let storage = Storage::open(&config).await.expect("a fresh store");
        Self {
            storage,
            config,
            _place: place,
        }
    }
}

impl Drop for TestBucket {
    /// Deletes the bucket, also when the test has failed. A runtime of its own, because the test's may be ending.
    fn drop(&mut self) {
        let bucket = self.0.clone();
        let deleting = thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime")
                .block_on(delete(&bucket));
        });
        // A bucket that stays behind goes with the server.
        let _ = deleting.join();
    }
}

async fn delete(bucket: &AmazonS3) {
    let objects = bucket.list(None).map_ok(|meta| meta.location).boxed();
    let deleted: Result<Vec<_>, _> = bucket.delete_stream(objects).try_collect().await;
    deleted.expect("emptied");
    call(bucket, Method::DELETE).await;
}

/// Makes or deletes the bucket itself, which `object_store` has no call for.
async fn call(bucket: &AmazonS3, method: Method) {
    let (root, minute) = (Path::default(), Duration::from_secs(60));
    let url = bucket.signed_url(method.clone(), &root, minute).await;
    let request = Request::builder()
        .method(method)
        .uri(url.expect("signed").as_str())
        .body(HttpRequestBody::empty())
        .expect("a request");
    let plain = ClientOptions::new()
        .with_allow_http(true)
        .with_no_system_certificates(true);
    let client = ReqwestConnector::default().connect(&plain);
    let answer = client.expect("a client").execute(request).await;
    let status = answer.expect("the test server answers").status();
    assert!(status.is_success(), "{status}");
}
