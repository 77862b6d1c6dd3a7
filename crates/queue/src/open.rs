//! From configuration to a queue.

use std::{path::PathBuf, sync::Arc};

use pupila_core::Clock;

use crate::{Queue, QueueConfig, memory::MemoryQueue, streams::RedisQueue};

/// The queue cannot be used as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Both a URL and a file with it are set.
    #[error("queue: set either url or url_file")]
    TwoUrls,
    /// A file with the URL or with certificates cannot be read.
    #[error("queue: the file {} cannot be read: {}", .0.display(), .1)]
    File(PathBuf, std::io::Error),
    /// The URL or the certificates are of no use. The URL itself may hold a password.
    #[error("queue: {0}")]
    Url(redis::RedisError),
}

/// The queue that is configured. A Redis need not be there yet.
///
/// # Errors
/// [`OpenError`]
pub async fn open(
    config: &QueueConfig,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn Queue>, OpenError> {
    match config.read_url()? {
        None => Ok(Arc::new(MemoryQueue::new(config, clock))),
        Some(url) => Ok(Arc::new(RedisQueue::new(&url, config, clock)?)),
    }
}
