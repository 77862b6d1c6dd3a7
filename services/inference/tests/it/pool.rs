//! The pool is bounded, and nothing that a job does breaks it.

use std::sync::mpsc;

use pupila_core::ErrorCode;
use pupila_inference::{Pool, PoolError, config::PoolConfig, open};

use crate::harness::{Repository, bright, client, config, predict, request};

/// One worker, and `queue` places to wait.
fn pool(queue: usize) -> Pool {
    Pool::new(&PoolConfig { workers: 1, queue })
}

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
    config.pool = PoolConfig {
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

#[tokio::test]
async fn who_stops_waiting_leaves_the_queue() {
    let pool = pool(1);
    let release = occupy(&pool).await;
    let mut waiting = Box::pin(pool.run(|| ()));
    assert!(now(&mut waiting).await.is_none(), "no worker is free");
    assert!(matches!(pool.run(|| ()).await, Err(PoolError::Full(1))));

    drop(waiting);
    let mut next = Box::pin(pool.run(|| 7));
    assert!(now(&mut next).await.is_none(), "there is a place again");
    drop(release);
    assert_eq!(next.await.expect("done").0, 7);
}

#[tokio::test]
async fn a_job_that_panics_leaves_its_worker_alive() {
    let pool = pool(0);
    let panicked = pool.run(|| panic!("on purpose")).await;
    assert!(matches!(panicked, Err(PoolError::Panicked(_))));
    assert_eq!(pool.run(|| 7).await.expect("done").0, 7);
}

/// The future's result if it has one now.
async fn now<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        let value = match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        };
        std::task::Poll::Ready(value)
    })
    .await
}
