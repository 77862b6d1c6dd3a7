//! The way to Redis.

mod request;

use std::{fs, io, time::Duration};

use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, IntoConnectionInfo as _, RedisError,
    RedisResult, ServerErrorKind, TlsCertificates, aio::MultiplexedConnection,
    io::tcp::TcpSettings,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{
    sync::Mutex,
    time::{self, Instant},
};

use self::request::Request;
use crate::{OpenError, QueueConfig, QueueError};

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(1);
/// How long Redis may take to answer.
const ANSWER: Duration = Duration::from_secs(2);
/// How long a call may take in all.
const CALL: Duration = Duration::from_millis(2_500);
/// How long nobody tries again after it was in vain: the first time, and at most.
const REST: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(1)];

/// A Redis, which need not be there yet.
///
/// # Errors
/// A URL or certificates that are of no use.
pub(super) fn client(url: &SecretString, config: &QueueConfig) -> Result<Client, OpenError> {
    let url = url.expose_secret().into_connection_info();
    // A call is sent at once, also while the answer to the one before it is on its way.
    let at_once = TcpSettings::default().set_nodelay(true);
    let address = url.map_err(OpenError::Url)?.set_tcp_settings(at_once);
    let Some(file) = &config.ca_file else {
        return Client::open(address).map_err(OpenError::Url);
    };
    let root = fs::read(file).map_err(|error| OpenError::File(file.clone(), error))?;
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: Some(root),
    };
    Client::build_with_tls(address, certificates).map_err(OpenError::Url)
}

/// One connection, which all calls share and which is made anew after it was lost.
pub(super) struct Link {
    client: Client,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    connection: Option<MultiplexedConnection>,
    /// Grows with every connection, so that a late failure of an old one does not end a new one.
    generation: u64,
    failure: Option<Failure>,
}

/// Redis is away: until some time nobody tries, and all get the error at once.
struct Failure {
    error: RedisError,
    rest: Duration,
    until: Instant,
}

impl Link {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            state: Mutex::default(),
        }
    }

    /// Asks over the connection. Where that was lost, it asks once more over a new one: everything that a queue asks may be
    /// repeated.
    pub(super) async fn ask<T: FromRedisValue + Send>(
        &self,
        request: &impl Request,
    ) -> Result<T, QueueError> {
        let attempts = async {
            match self.attempt(request).await {
                Err(error) if error.is_connection_dropped() => self.attempt(request).await,
                answer => answer,
            }
        };
        match time::timeout(CALL, attempts).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(RedisError::from(io::Error::from(io::ErrorKind::TimedOut)).into()),
        }
    }

    async fn attempt<T: FromRedisValue + Send>(&self, request: &impl Request) -> RedisResult<T> {
        let (mut connection, generation) = self.connection().await?;
        let answer = request.send(&mut connection).await;
        if let Err(error) = &answer
            && ends_connection(error)
        {
            self.lose(generation, error).await;
        }
        answer
    }

    async fn connection(&self) -> RedisResult<(MultiplexedConnection, u64)> {
        let mut state = self.state.lock().await;
        if let Some(connection) = &state.connection {
            return Ok((connection.clone(), state.generation));
        }
        if let Some(failure) = &state.failure
            && Instant::now() < failure.until
        {
            return Err(failure.error.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(ANSWER));
        let connected = self
            .client
            .get_multiplexed_async_connection_with_config(&config);
        match connected.await {
            Ok(connection) => {
                if state.failure.take().is_some() {
                    tracing::info!("the queue is back");
                }
                state.generation += 1;
                state.connection = Some(connection.clone());
                Ok((connection, state.generation))
            }
            Err(error) => {
                state.fail(&error);
                Err(error)
            }
        }
    }

    async fn lose(&self, generation: u64, error: &RedisError) {
        let mut state = self.state.lock().await;
        if state.generation == generation && state.connection.take().is_some() {
            tracing::warn!(%error, "the connection to the queue was lost");
        }
    }
}

impl State {
    fn fail(&mut self, error: &RedisError) {
        let rest = match &self.failure {
            None => {
                tracing::warn!(%error, "the queue cannot be reached");
                REST[0]
            }
            Some(failure) => REST[1].min(failure.rest * 2),
        };
        self.failure = Some(Failure {
            error: error.clone(),
            rest,
            until: Instant::now() + rest,
        });
    }
}

/// Whether the connection leads nowhere, or no longer to the primary.
fn ends_connection(error: &RedisError) -> bool {
    error.is_io_error()
        || error.is_unrecoverable_error()
        || error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}
