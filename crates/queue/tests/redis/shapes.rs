//! Redis in other shapes: a cluster, and behind TLS.

use std::fs;

use pupila_core::{ErrorCode, Fault as _};
use pupila_queue::{QueueConfig, open};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};

use crate::{clock, server::Server, use_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_finds_all_keys_in_one_slot() {
    let server = Server::with(&["--cluster-enabled", "yes", "--save", ""]);
    server.say::<()>("CLUSTER ADDSLOTSRANGE 0 16383");
    while !server
        .say::<String>("CLUSTER INFO")
        .contains("cluster_state:ok")
    {
        tokio::task::yield_now().await;
    }
    let clock = clock();
    let queue = server.queue(&clock).await;
    use_up(&*queue, &clock).await.expect("all is done");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_ones_own_making_is_trusted_when_it_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let issuer = CertificateParams::new(Vec::new()).expect("parameters");
    let issuer = CertifiedIssuer::self_signed(issuer, KeyPair::generate().expect("a key"));
    let issuer = issuer.expect("an issuer");
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let certificate = certificate.signed_by(&key, &issuer).expect("signed");
    for (name, pem) in [
        ("ca.pem", issuer.pem()),
        ("server.pem", certificate.pem()),
        ("key.pem", key.serialize_pem()),
    ] {
        fs::write(path(name), pem).expect("written");
    }

    let options = ["--tls-auth-clients", "no", "--save", ""];
    let files = [
        ("--tls-ca-cert-file", "ca.pem"),
        ("--tls-cert-file", "server.pem"),
        ("--tls-key-file", "key.pem"),
    ];
    let files = files.map(|(option, name)| [option.to_owned(), path(name)]);
    let mut options: Vec<_> = options.map(str::to_owned).into();
    options.extend(files.into_iter().flatten());
    let options: Vec<_> = options.iter().map(String::as_str).collect();
    let server = Server::behind_tls(&options);

    let clock = clock();
    let url = format!("rediss://localhost:{}", server.port());
    let stranger = open(&QueueConfig::at(&url), clock.clone())
        .await
        .expect("open");
    let refused = stranger.ping().await.expect_err("nobody vouches for it");
    assert_eq!(refused.code(), ErrorCode::Unavailable, "{refused:?}");

    let trusting = QueueConfig {
        ca_file: Some(path("ca.pem").into()),
        ..QueueConfig::at(url)
    };
    let queue = open(&trusting, clock.clone()).await.expect("open");
    use_up(&*queue, &clock).await.expect("all is done");
}
