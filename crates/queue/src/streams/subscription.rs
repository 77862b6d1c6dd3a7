//! What other processes say: the bell, and changes.

use std::{io, sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use redis::{Client, RedisError, RedisResult, aio::PubSub};
use tokio::{
    sync::Notify,
    time::{self, Instant},
};

use super::wire;
use crate::fanout::Fanout;

/// How long it may take to connect and subscribe.
const CONNECT: Duration = Duration::from_secs(2);
/// After how long without a word it is made sure that somebody is there.
const SILENCE: Duration = Duration::from_secs(15);
/// How long to rest after it was lost: the first time, and at most.
const REST: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(2)];

/// A connection of its own that only listens.
pub(super) struct Subscription {
    pub(super) client: Client,
    pub(super) bell: (String, Arc<Notify>),
    pub(super) changes: (String, Fanout),
}

impl Subscription {
    /// Listens for ever, and subscribes again whenever the connection was lost.
    pub(super) async fn run(self) {
        let mut rest = REST[0];
        loop {
            if let Ok(subscribed) = self.subscribe().await {
                rest = REST[0];
                // Whatever was said in the meantime was not heard.
                self.bell.1.notify_waiters();
                let error = self.listen(subscribed).await;
                tracing::debug!(%error, "the queue's channels were lost");
            }
            time::sleep(rest).await;
            rest = REST[1].min(rest * 2);
        }
    }

    async fn subscribe(&self) -> RedisResult<PubSub> {
        let subscribing = async {
            let mut connection = self.client.get_async_pubsub().await?;
            let channels = [&self.bell.0, &self.changes.0];
            connection.subscribe(&channels).await?;
            Ok(connection)
        };
        in_time(subscribing).await
    }

    async fn listen(&self, subscribed: PubSub) -> RedisError {
        let (mut sink, mut messages) = subscribed.split();
        loop {
            let heard = time::timeout_at(Instant::now() + SILENCE, messages.next()).await;
            let Ok(message) = heard else {
                // Subscribing again changes nothing, but is answered.
                match in_time(sink.subscribe(&self.bell.0)).await {
                    Ok(()) => continue,
                    Err(error) => return error,
                }
            };
            let Some(message) = message else {
                return io::Error::from(io::ErrorKind::ConnectionReset).into();
            };
            if message.get_channel_name() == self.bell.0 {
                self.bell.1.notify_waiters();
            } else if let Ok(text) = str::from_utf8(message.get_payload_bytes()) {
                wire::changes(text).for_each(|change| self.changes.1.tell(change));
            }
        }
    }
}

async fn in_time<T>(work: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    match time::timeout(CONNECT, work).await {
        Ok(done) => done,
        Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
    }
}
