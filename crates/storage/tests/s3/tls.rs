//! A server behind TLS, whose certificate is of one's own making.

use std::{fs, path::PathBuf, sync::Arc};

use pupila_core::{ErrorCode, Fault as _};
use pupila_runtime::config::Validate as _;
use pupila_storage::{Storage, StorageConfig, StorageError, TestStorage};
use tempfile::TempDir;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

use crate::{
    OBJECT, config, key,
    relay::{Relay, hand_on, server},
};

/// The test server behind TLS.
struct Behind {
    relay: Relay,
    test: TestStorage,
    folder: TempDir,
}

impl Behind {
    async fn start() -> Self {
        let test = TestStorage::s3().await;
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("ca.pem"), own.cert.pem()).expect("written");

        let private = PrivateKeyDer::try_from(own.signing_key.serialize_der()).expect("a key");
        let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], private)
            .expect("a certificate");
        let tls = TlsAcceptor::from(Arc::new(tls));
        let server = server(&test);
        let relay = Relay::new(move |client| {
            let (tls, server) = (tls.clone(), server.clone());
            async move {
                if let Ok(client) = tls.accept(client).await {
                    hand_on(client, server, u64::MAX).await;
                }
            }
        });
        Self {
            relay: relay.await,
            test,
            folder,
        }
    }

    fn config(&self, ca_file: Option<PathBuf>) -> StorageConfig {
        let port = self.relay.address.port();
        config(&self.test, |s3| {
            s3.endpoint = Some(format!("https://localhost:{port}"));
            s3.allow_http = false;
            s3.ca_file = ca_file;
        })
    }

    fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_trusted_when_it_is_named() {
    let behind = Behind::start().await;
    let config = behind.config(Some(behind.ca_file()));
    assert_eq!(config.faults(), [""; 0]);
    let storage = Storage::open(&config).await.expect("opened");
    storage.put(&key("a"), OBJECT).await.expect("written");
    let object = storage.get(&key("a"), None).await.expect("it is there");
    assert_eq!(object.read().await.expect("read"), OBJECT);
}

#[tokio::test]
async fn a_certificate_that_nobody_named_is_not_trusted() {
    let behind = Behind::start().await;
    let other = Behind::start().await;
    let error = Storage::open(&behind.config(Some(other.ca_file()))).await;
    let error = error.expect_err("another certificate");
    assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
    assert!(
        format!("{error:?}").contains("InvalidCertificate"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_file_without_certificates_is_refused() {
    let behind = Behind::start().await;
    let file = behind.folder.path().join("empty.pem");
    let error = Storage::open(&behind.config(Some(file.clone()))).await;
    assert!(matches!(error, Err(StorageError::File(..))), "{error:?}");
    fs::write(&file, "no certificate").expect("written");
    let error = Storage::open(&behind.config(Some(file))).await;
    assert!(matches!(error, Err(StorageError::Config(_))), "{error:?}");
}
