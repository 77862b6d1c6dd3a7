//! The services that a worker works with.

use pupila_runtime::transport::Transport;

/// How each service is reached.
#[derive(Debug, Clone)]
pub struct Upstreams {
    /// Who may do what, and where to tell whom.
    pub accounts: Transport,
    /// Stored images and archives.
    pub images: Transport,
    /// Models.
    pub inference: Transport,
    /// Predictions, jobs and tasks.
    pub history: Transport,
}
