//! Fresh, empty queues for tests.

use std::{env, sync::Arc};

use pupila_core::{Clock, TaskId};
use redis::Connection;

use crate::{Queue, QueueConfig, open};

/// The server on which test queues are made, such as `redis://127.0.0.1:33308`.
const SERVER: &str = "PUPILA_TEST_REDIS_URL";

/// A queue of a test's own, deleted when the value goes.
pub struct TestQueue {
    /// The way in.
    pub queue: Arc<dyn Queue>,
    /// How to reach it once more; one in memory cannot be.
    pub config: QueueConfig,
    _place: Option<Place>,
}

/// Where in Redis the test's keys are.
struct Place {
    server: String,
    prefix: String,
}

impl TestQueue {
    /// A queue in memory.
    ///
    /// # Panics
    /// Never.
    pub async fn memory(clock: Arc<dyn Clock>) -> Self {
        Self::at(QueueConfig::default(), None, clock).await
    }

    /// A queue of its own on the server that `PUPILA_TEST_REDIS_URL` names.
    ///
    /// # Panics
    /// The variable is not set.
    pub async fn redis(clock: Arc<dyn Clock>) -> Self {
        let server = env::var(SERVER).unwrap_or_else(|_| {
            panic!("{SERVER} is not set: run `make test`, which starts a server")
        });
        let config = QueueConfig {
            prefix: format!("test-{}", TaskId::new(clock.now())),
            ..QueueConfig::at(&server)
        };
        let prefix = config.prefix.clone();
        Self::at(config, Some(Place { server, prefix }), clock).await
    }

    async fn at(config: QueueConfig, place: Option<Place>, clock: Arc<dyn Clock>) -> Self {
        let queue = open(&config, clock).await.expect("a fresh queue");
        Self {
            queue,
            config,
            _place: place,
        }
    }
}

impl Drop for Place {
    /// Deletes its keys, also when the test has failed. What stays behind goes with the server.
    fn drop(&mut self) {
        let client = redis::Client::open(&*self.server);
        if let Ok(mut connection) = client.and_then(|client| client.get_connection()) {
            let _ = delete(&mut connection, &self.prefix);
        }
    }
}

fn delete(connection: &mut Connection, prefix: &str) -> redis::RedisResult<()> {
    let keys = redis::Commands::scan_match(connection, format!("{{{prefix}}}*"))?;
    let keys: Vec<String> = keys.collect::<Result<_, _>>()?;
    if keys.is_empty() {
        return Ok(());
    }
    redis::cmd("UNLINK").arg(keys).exec(connection)
}
