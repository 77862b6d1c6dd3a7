//! `[worker.notify.webhooks]`: messages to programs.

use pupila_runtime::config::Validate;
use serde::Deserialize;

/// Messages to programs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhooksConfig {
    /// Lets them lead into private networks. Whoever may sign in may then make Pupila call what only it reaches.
    pub allow_private_networks: bool,
    /// How long one attempt may take, in seconds.
    pub timeout_seconds: u64,
}

impl Default for WebhooksConfig {
    fn default() -> Self {
        Self {
            allow_private_networks: false,
            timeout_seconds: 10,
        }
    }
}

impl Validate for WebhooksConfig {
    fn faults(&self) -> Vec<String> {
        super::timeout_fault(self.timeout_seconds)
            .into_iter()
            .collect()
    }
}
