//! What can go wrong with a queue.

use pupila_core::{ErrorCode, Fault};

/// A queue did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// More waits than may.
    #[error("too much waits already")]
    Full,
    /// The queue cannot be reached now.
    #[error("the queue cannot be reached")]
    Unavailable(#[source] redis::RedisError),
    /// It refused a command or answered something unexpected: a fault of ours.
    #[error("the queue failed")]
    Failed(#[source] redis::RedisError),
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
