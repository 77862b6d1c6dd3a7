//! Redis has no room left.

use pupila_core::{Clock as _, ErrorCode, Fault as _};
use pupila_queue::{Depth, Priority::Batch, Priority::Interactive};

use crate::{clock, server::Server, take, ticket, tickets};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_redis_takes_nothing_but_hands_out_what_it_has() {
    let (server, clock) = (Server::start(), clock());
    let queue = server.queue(&clock).await;
    let all = [Interactive, Batch, Batch].map(ticket);
    queue.offer(&all).await.expect("offered");
    server.say::<()>("CONFIG SET maxmemory 1");
    let more = ticket(Batch);
    for refused in [
        queue.offer(&[more]).await,
        queue.offer_later(&[(more, clock.now())]).await,
    ] {
        let refused = refused.expect_err("there is no room");
        assert_eq!(refused.code(), ErrorCode::Unavailable, "{refused:?}");
    }

    for expected in all {
        let taken = take(&*queue, "ana", 1).await;
        assert_eq!(tickets(&taken), [expected]);
        queue.settle(&taken).await.expect("settled");
    }
    assert_eq!(queue.depth().await.expect("known"), Depth::default());
}
