//! What can go wrong with a queue.

use pupila_core::{ErrorCode, Fault};
use redis::RedisError;

/// Redis' errors that pass, or that an operator mends: loading, a failover or another change of the cluster, no memory, no
/// disk, a script that runs too long, too few replicas, a password that was changed.
/// <https://github.com/redis/redis/blob/7.0/src/server.c>, `createSharedObjects`
const PASSING: [&str; 11] = [
    "BUSY",
    "CLUSTERDOWN",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "NOAUTH",
    "NOREPLICAS",
    "OOM",
    "READONLY",
    "TRYAGAIN",
    "WRONGPASS",
];

/// A queue did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// More waits than may.
    #[error("too much waits already")]
    Full,
    /// The queue cannot be reached now.
    #[error("the queue cannot be reached")]
    Unavailable(#[source] RedisError),
    /// It refused a command or answered something unexpected: a fault of ours.
    #[error("the queue failed")]
    Failed(#[source] RedisError),
}

impl Fault for QueueError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Full => ErrorCode::ResourceExhausted,
            Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::Failed(_) => ErrorCode::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Full => "QUEUE_FULL",
            Self::Unavailable(_) => "QUEUE_UNAVAILABLE",
            Self::Failed(_) => "QUEUE_FAILED",
        }
    }
}

impl From<RedisError> for QueueError {
    fn from(error: RedisError) -> Self {
        let refused = error.code().is_some_and(|code| PASSING.contains(&code));
        if refused || error.is_io_error() || error.is_unrecoverable_error() {
            Self::Unavailable(error)
        } else {
            Self::Failed(error)
        }
    }
}
