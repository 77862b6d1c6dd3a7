//! Objects in a bucket of S3, or of a server that speaks its language.

mod client;

use std::{fmt, fs, path::Path, sync::Arc};

use object_store::{
    Certificate, ClientOptions, ObjectStore,
    aws::{AmazonS3, AmazonS3Builder},
    list::{PaginatedListOptions, PaginatedListStore as _},
    prefix::PrefixStore,
};
use secrecy::ExposeSecret as _;

pub(crate) use self::client::Refusal;
use self::client::{Connector, retries};
use crate::{S3Config, StorageError};

/// Objects in a bucket.
#[derive(Clone)]
pub(crate) struct Bucket {
    /// The whole bucket.
    pub(crate) bucket: AmazonS3,
    prefix: String,
    /// What is below the prefix.
    objects: Arc<dyn ObjectStore>,
}

impl Bucket {
    /// The bucket, which is not asked yet whether it is there.
    pub(crate) fn open(config: &S3Config) -> Result<Self, StorageError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&config.bucket)
            .with_region(&config.region)
            .with_access_key_id(&config.access_key_id)
            .with_secret_access_key(config.read_secret()?.expose_secret())
            .with_client_options(client_options(config)?)
            .with_retry(retries(config.timeout()))
            // One request for many deletions is not what every server understands.
            .with_disable_bulk_delete(true)
            .with_http_connector(Connector);
        if let Some(endpoint) = &config.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let bucket = builder.build()?;
        Ok(Self {
            objects: Arc::new(PrefixStore::new(bucket.clone(), config.prefix.as_str())),
            prefix: config.prefix.clone(),
            bucket,
        })
    }

    pub(crate) fn objects(&self) -> &dyn ObjectStore {
        &*self.objects
    }

    /// Makes sure that the bucket is there and lets us in: the shortest list tells.
    pub(crate) async fn ensure(&self) -> Result<(), StorageError> {
        let shortest = PaginatedListOptions {
            max_keys: Some(1),
            ..PaginatedListOptions::default()
        };
        let prefix = (!self.prefix.is_empty()).then(|| format!("{}/", self.prefix));
        let bucket = &self.bucket;
        bucket.list_paginated(prefix.as_deref(), shortest).await?;
        Ok(())
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.bucket, self.prefix)
    }
}

fn client_options(config: &S3Config) -> Result<ClientOptions, StorageError> {
    let mut options = ClientOptions::new()
        .with_allow_http(config.allow_http)
        .with_connect_timeout(config.connect_timeout())
        // A large object may take its time, as long as something comes.
        .with_timeout_disabled()
        .with_read_timeout(config.timeout())
        // Where nothing is encrypted nobody needs certificates; a bare container has none to load.
        .with_no_system_certificates(config.ca_file.is_some() || config.is_plain());
    if let Some(file) = &config.ca_file {
        for certificate in certificates(file)? {
            options = options.with_root_certificate(certificate);
        }
    }
    Ok(options)
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, StorageError> {
    let pem = fs::read(file).map_err(|error| StorageError::File(file.into(), error))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(StorageError::Config("its ca_file holds no PEM certificate")),
    }
}
