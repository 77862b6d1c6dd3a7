//! The pool is bounded, and whoever finds it full is told so.

use std::sync::mpsc;

use pupila_core::ErrorCode;
use pupila_inference::{Pool, open};
use pupila_runtime::cpu_pool::CpuPoolConfig;

use crate::harness::{Repository, bright, client, config, predict, request};

/// Starts a job that runs until the sender is dropped; returns once it runs.
async fn occupy(pool: &Pool) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (started, starts) = tokio::sync::oneshot::channel();
    let pool = pool.clone();
    tokio::spawn(async move {
        let job = move || {
            let _ = started.send(());
            let _ = held.recv();
        };
        pool.run(job).await
    });
    starts.await.expect("it started");
    release
}

#[tokio::test]
async fn a_full_queue_answers_at_once() {
    let repository = Repository::brightness();
    let mut config = config(repository.path());
    config.pool = CpuPoolConfig {
        workers: 1,
        queue: 0,
    };
    let service = open(&config).await.expect("a service");
    let release = occupy(service.pool()).await;

    let mut client = client(service);
    let error = predict(&mut client, request("", bright()))
        .await
        .expect_err("full");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::ResourceExhausted, "QUEUE_FULL")
    );
    drop(release);
}
