//! The public keys, asked of accounts.

use std::time::Duration;

use async_trait::async_trait;
use pupila_proto::accounts::v1::{ListKeysRequest, auth_service_client::AuthServiceClient};

use super::{KeySource, VerificationKey};
use crate::transport::Transport;

/// How long accounts may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Asks accounts for the keys.
#[derive(Debug, Clone)]
pub struct RemoteKeys(AuthServiceClient<Transport>);

impl RemoteKeys {
    /// The keys of the accounts behind `accounts`.
    #[must_use]
    pub fn new(accounts: Transport) -> Self {
        Self(AuthServiceClient::new(accounts))
    }
}

#[async_trait]
impl KeySource for RemoteKeys {
    async fn keys(&self) -> Result<Vec<VerificationKey>, Box<dyn std::error::Error + Send + Sync>> {
        let mut client = self.0.clone();
        let answer = tokio::time::timeout(TIMEOUT, client.list_keys(ListKeysRequest {})).await??;
        let keys = answer.into_inner().keys.into_iter();
        Ok(keys
            .map(|key| VerificationKey {
                id: key.id,
                public_key: key.public_key.to_vec(),
            })
            .collect())
    }
}
