//! What the queue does not say is found all the same.

use std::time::{Duration, Instant};

use pupila_core::{Clock as _, JobId};
use pupila_queue::QueueConfig;
use tokio::{
    sync::{mpsc, oneshot},
    task, time,
};

use crate::fixtures::{ANA, TestJobs, job_of};

/// Longer than anything takes that is to happen, by a clock that nobody holds.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tokio's clock stands still while this is there, however idle the runtime is: a database works in threads of its own.
struct Stopped(#[expect(dead_code, reason = "it is held until the test ends")] oneshot::Sender<()>);

fn stop_time() -> Stopped {
    time::pause();
    let (held, released) = oneshot::channel();
    task::spawn_blocking(move || released.blocking_recv());
    Stopped(held)
}

/// The jobs that Ana is told of.
async fn heard(test: &TestJobs) -> mpsc::UnboundedReceiver<String> {
    let (tell, heard) = mpsc::unbounded_channel();
    let mut news = test.watch_jobs(ANA, "").await.expect("watched");
    assert_eq!(news.next().await.job, None);
    tokio::spawn(async move {
        while let Some(message) = news.more().await {
            let _ = message.job.map(|job| tell.send(job.id));
        }
    });
    heard
}

/// What is heard next, as a little time goes on: the watcher may begin to wait only now, and the database must not be late.
async fn next(heard: &mut mpsc::UnboundedReceiver<String>) -> String {
    let begin = Instant::now();
    let mut ticks = 0..21;
    loop {
        if let Ok(job) = heard.try_recv() {
            return job;
        }
        assert!(begin.elapsed() < PATIENCE, "nothing was told");
        match ticks.next() {
            Some(_) => time::advance(Duration::from_millis(100)).await,
            None => task::yield_now().await,
        }
    }
}

#[tokio::test]
async fn a_change_that_was_not_announced_is_found() {
    let test = TestJobs::sqlite().await;
    let other = test.replica(&QueueConfig::default()).await;
    let mut heard = heard(&test).await;
    let _stopped = stop_time();
    let job = other.create(job_of(1)).await.expect("created");
    time::advance(Duration::from_secs(2)).await;
    assert_eq!(next(&mut heard).await, job.id);
}

#[tokio::test]
async fn nobody_is_too_busy_to_find_it() {
    let test = TestJobs::sqlite().await;
    let other = test.replica(&QueueConfig::default()).await;
    let mut heard = heard(&test).await;
    let _stopped = stop_time();
    let job = other.create(job_of(1)).await.expect("created");
    let noise = JobId::new(test.clock.now()).to_string();
    for _ in 0..5 {
        test.wake(ANA, &noise).await;
        time::advance(Duration::from_millis(500)).await;
    }
    assert_eq!(next(&mut heard).await, job.id);
}
