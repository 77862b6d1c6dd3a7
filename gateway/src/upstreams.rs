//! The services behind the gateway.

use pupila_runtime::transport::{self, Transport};

use crate::config::UpstreamConfig;

/// How each service is reached.
#[derive(Debug, Clone)]
pub struct Upstreams {
    /// Users, sessions, albums.
    pub accounts: Transport,
    /// Stored images.
    pub images: Transport,
    /// Models.
    pub inference: Transport,
    /// Predictions.
    pub history: Transport,
}

impl Upstreams {
    /// Services in processes of their own. They are connected to on first use.
    ///
    /// # Errors
    /// An address that is none.
    pub fn remote(config: &UpstreamConfig) -> Result<Self, tonic::transport::Error> {
        Ok(Self {
            accounts: transport::remote(&config.accounts)?,
            images: transport::remote(&config.images)?,
            inference: transport::remote(&config.inference)?,
            history: transport::remote(&config.history)?,
        })
    }
}
