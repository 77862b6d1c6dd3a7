//! Redis is away, and comes back.

use std::time::Instant;
use std::{net::TcpListener, time::Duration};

use pupila_core::{Clock as _, ErrorCode, Fault as _};
use pupila_queue::{Change, DeadLetter, Priority::Batch, Queue, QueueConfig, QueueError, open};
use pupila_queue::{Delivery, WorkerName};
use tokio::time;

use crate::{PATIENCE, clock, is_heard, server::Server, take, ticket, tickets};

/// What every call answers.
async fn errors(queue: &dyn Queue) -> Vec<QueueError> {
    let ticket = ticket(Batch);
    let now = clock().now();
    let delivery = Delivery {
        ticket,
        receipt: "1-1/1".to_owned(),
    };
    let letter = DeadLetter {
        task: ticket.task,
        reason: "WORKER_LOST",
        attempts: 5,
        time: now,
    };
    let change = Change {
        job: pupila_core::JobId::new(now),
        owner: ticket.owner,
    };
    [
        queue.ping().await.err(),
        queue.admit(ticket.owner, ticket.priority, 1).await.err(),
        queue.offer(&[ticket]).await.err(),
        queue.offer_later(&[(ticket, now)]).await.err(),
        queue.take(&WorkerName::new("ana"), 1).await.err(),
        queue.settle(&[delivery]).await.err(),
        queue.bury(&letter).await.err(),
        queue.depth().await.err(),
        queue.announce(&[change]).await.err(),
        queue.claim_refill().await.err(),
        queue.confirm_refill().await.err(),
    ]
    .map(|error| error.expect("it is away"))
    .into()
}

fn all_say_away(errors: &[QueueError]) {
    for error in errors {
        assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
        assert_eq!(error.reason(), "QUEUE_UNAVAILABLE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_not_there_is_no_hindrance_to_start() {
    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let url = format!("redis://ana:hunter2@{}", nobody.expect("an address"));
    let queue = open(&QueueConfig::at(url), clock()).await.expect("open");
    let asked = Instant::now();
    let errors = errors(&*queue).await;
    assert!(asked.elapsed() < Duration::from_secs(5), "it is told soon");
    all_say_away(&errors);
    assert!(!format!("{errors:?}").contains("hunter2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_keeps_silent_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("redis://{}", silent.local_addr().expect("an address"));
    let queue = open(&QueueConfig::at(url), clock()).await.expect("open");
    let asked = Instant::now();
    let error = queue.ping().await.expect_err("it says nothing");
    assert!(asked.elapsed() < Duration::from_secs(5));
    all_say_away(&[error]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_was_killed_is_found_again() {
    let (mut server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    assert!(queue.claim_refill().await.expect("known"));
    is_heard(&*queue).await;
    let ticket = ticket(Batch);
    queue.offer(&[ticket]).await.expect("offered");

    server.kill();
    all_say_away(&errors(&*queue).await);

    server.start_again();
    let emptied = async {
        loop {
            match queue.claim_refill().await {
                Ok(emptied) => return emptied,
                Err(error) => all_say_away(&[error]),
            }
            tokio::task::yield_now().await;
        }
    };
    let emptied = time::timeout(PATIENCE, emptied).await;
    assert!(emptied.expect("it is back"), "with nothing in it");
    queue.offer(&[ticket]).await.expect("offered");
    assert_eq!(tickets(&take(&*queue, "ana", 1).await), [ticket]);
    is_heard(&*queue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_keeps_its_data_goes_on_where_it_was() {
    let durable = ["--appendonly", "yes", "--appendfsync", "always"];
    let (mut server, clock) = (Server::with(&durable), clock());
    let queue = server.queue(&clock).await;
    assert!(queue.claim_refill().await.expect("known"));
    let (held, waiting) = (ticket(Batch), ticket(Batch));
    queue.offer(&[held, waiting]).await.expect("offered");
    let before = take(&*queue, "ana", 1).await;

    server.kill();
    server.start_again();
    // The connection is lost, which a call that may be repeated does not show.
    assert!(!queue.claim_refill().await.expect("known"));
    queue.settle(&before).await.expect("settled");
    assert_eq!(tickets(&take(&*queue, "ana", 5).await), [waiting]);
}
