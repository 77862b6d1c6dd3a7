//! What is no longer needed goes.

use jiff::SignedDuration;
use pupila_core::Clock as _;
use pupila_queue::{Priority::Batch, Priority::Interactive, QueueConfig, Ticket, open};
use redis::Value;

use crate::{clock, server::Server, take, ticket};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_user_whose_work_is_done() {
    let (server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    for _ in 0..50 {
        let now = clock.now();
        queue
            .offer(&[Batch, Interactive].map(ticket))
            .await
            .expect("offered");
        queue
            .offer_later(&[(ticket(Batch), now)])
            .await
            .expect("offered");
    }
    loop {
        let deliveries = take(&*queue, "ana", 40).await;
        queue.settle(&deliveries).await.expect("settled");
        if queue.depth().await.expect("known") == pupila_queue::Depth::default() {
            break;
        }
    }
    assert_eq!(server.say::<Vec<String>>("KEYS *"), ["{pupila}:counts"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_who_left_are_forgotten() {
    let (server, clock) = (Server::start(), clock());
    let config = QueueConfig {
        redeliver_after_seconds: 1,
        ..server.config()
    };
    let queue = open(&config, clock.clone()).await.expect("open");
    let owner = ticket(Batch).owner;
    // A user who always has something to do, so that their stream stays.
    let tickets: Vec<_> = (0..10)
        .map(|_| Ticket {
            owner,
            ..ticket(Batch)
        })
        .collect();
    queue.offer(&tickets).await.expect("offered");
    for worker in ["ana", "luis"] {
        let deliveries = take(&*queue, worker, 1).await;
        queue.settle(&deliveries).await.expect("settled");
    }
    let holds = take(&*queue, "eva", 1).await;

    // How long a consumer was silent is told by Redis' own clock: so it is waited for there.
    assert_eq!(server.say::<Value>("BLPOP nothing 1.1"), Value::Nil);
    take(&*queue, "new", 1).await;
    let consumers: Vec<Vec<Value>> =
        server.say(&format!("XINFO CONSUMERS {{pupila}}:b:{owner} workers"));
    let names: Vec<String> = consumers
        .into_iter()
        .map(|consumer| redis::from_redis_value(consumer[1].clone()).expect("a name"))
        .collect();
    assert_eq!(names, ["eva", "new"], "eva holds a ticket");

    clock.advance(SignedDuration::from_secs(1));
    assert!(take(&*queue, "new", 2).await.contains(&holds[0]));
}
