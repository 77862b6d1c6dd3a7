//! The servers behind a product: a schema for each service, and a bucket.

use std::path::Path;

use pupila_db::{DatabaseConfig, TestDatabase};
use pupila_storage::{S3Config, TestStorage};
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use crate::servers::ServerUrls;

/// What a product keeps its things in.
pub(crate) struct Backends {
    /// The database of accounts.
    pub(crate) accounts: DatabaseConfig,
    services: Option<ServiceBackends>,
}

struct ServiceBackends {
    accounts: TestDatabase,
    history: TestDatabase,
    images: TestDatabase,
    bucket: TestStorage,
    queue: Queue,
}

/// A Redis, and the names that are nobody else's in it.
struct Queue {
    url: String,
    prefix: String,
}

impl Backends {
    /// Files in the data folder.
    pub(crate) fn standalone(data: &Path) -> Self {
        let accounts = format!("sqlite://{}", data.join("accounts.db").display());
        Self {
            accounts: DatabaseConfig::at(accounts),
            services: None,
        }
    }

    /// Fresh schemas, a fresh bucket and a fresh queue, on servers of the test's own or on those of this run of the tests.
    pub(crate) async fn services(own: Option<&ServerUrls>) -> Self {
        let database = async |service| match own {
            Some(own) => TestDatabase::mysql_on(&own.mariadb, service).await,
            None => TestDatabase::mysql_for(service).await,
        };
        let services = ServiceBackends {
            accounts: database("accounts").await,
            history: database("history").await,
            images: database("images").await,
            bucket: TestStorage::s3().await,
            queue: Queue::fresh(own),
        };
        Self {
            accounts: services.accounts.config.clone(),
            services: Some(services),
        }
    }

    /// The settings of `service`: how it enters its own schema, and no other, as the user who serves and as the one
    /// who migrates.
    pub(crate) fn database(&self, service: &str) -> Vec<(&'static str, String)> {
        let services = self.services.as_ref().expect("services");
        let (keys, database) = match service {
            "accounts" => (
                ["accounts.database.url", "accounts.database.migration_url"],
                &services.accounts,
            ),
            "history" => (
                ["history.database.url", "history.database.migration_url"],
                &services.history,
            ),
            _ => (
                ["images.database.url", "images.database.migration_url"],
                &services.images,
            ),
        };
        let urls = [&database.config.url, &database.config.migration_url];
        let urls = urls.map(|url| url.as_ref().expect("a URL").expose_secret().to_owned());
        keys.into_iter().zip(urls).collect()
    }

    /// The settings of the queue.
    pub(crate) fn queue(&self) -> Vec<(&'static str, String)> {
        let Queue { url, prefix } = &self.services.as_ref().expect("services").queue;
        vec![("queue.url", url.clone()), ("queue.prefix", prefix.clone())]
    }

    /// The settings of the bucket.
    pub(crate) fn bucket(&self) -> Vec<(&'static str, String)> {
        let services = self.services.as_ref().expect("services");
        let s3: &S3Config = services.bucket.config.s3.as_ref().expect("a bucket");
        let secret = s3.secret_access_key.as_ref().expect("a secret");
        vec![
            (
                "images.storage.s3.endpoint",
                s3.endpoint.clone().unwrap_or_default(),
            ),
            ("images.storage.s3.bucket", s3.bucket.clone()),
            ("images.storage.s3.access_key_id", s3.access_key_id.clone()),
            (
                "images.storage.s3.secret_access_key",
                secret.expose_secret().to_owned(),
            ),
            ("images.storage.s3.allow_http", s3.allow_http.to_string()),
        ]
    }
}

impl Queue {
    /// Names that were never used, in the test's own Redis or in that of this run of the tests.
    fn fresh(own: Option<&ServerUrls>) -> Self {
        let url = own.map(|own| own.redis.clone()).unwrap_or_else(|| {
            let url = std::env::var("PUPILA_TEST_REDIS_URL");
            url.expect("PUPILA_TEST_REDIS_URL is not set: run `make test`, which starts a server")
        });
        Self {
            url,
            prefix: Uuid::now_v7().to_string(),
        }
    }
}
