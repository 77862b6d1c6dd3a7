//! The servers behind a product: a schema for each service, and a bucket.

use std::path::Path;

use pupila_db::{DatabaseConfig, TestDatabase};
use pupila_storage::{S3Config, TestStorage};
use secrecy::ExposeSecret as _;

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

    /// Fresh schemas and a fresh bucket.
    pub(crate) async fn services() -> Self {
        let services = ServiceBackends {
            accounts: TestDatabase::mysql_for("accounts").await,
            history: TestDatabase::mysql_for("history").await,
            images: TestDatabase::mysql_for("images").await,
            bucket: TestStorage::s3().await,
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
