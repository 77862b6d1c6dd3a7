//! The services that a worker works with.

use pupila_runtime::transport::{self, Transport};

use crate::UpstreamConfig;

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

impl Upstreams {
    /// Services in processes of their own. They are connected to on first use.
    ///
    /// # Errors
    /// An address that is none.
    pub fn remote(
        accounts: Transport,
        config: &UpstreamConfig,
    ) -> Result<Self, tonic::transport::Error> {
        Ok(Self {
            accounts,
            images: transport::remote(&config.images)?,
            inference: transport::remote(&config.inference)?,
            history: transport::remote(&config.history)?,
        })
    }
}
