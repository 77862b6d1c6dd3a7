//! `[worker.notify.push]`: messages to browsers.

use pupila_runtime::config::Validate;
use serde::Deserialize;

/// The longest that push services keep a message: four weeks.
const LONGEST_TTL: u32 = 28 * 24 * 60 * 60;

/// Messages to browsers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PushConfig {
    /// How long a push service keeps a message for a browser that is not there, in seconds; 0 drops it at once.
    pub ttl_seconds: u32,
    /// How long one attempt may take, in seconds.
    pub timeout_seconds: u64,
    /// Lets push services be in private networks: one of your own, for browsers that use it.
    pub allow_private_networks: bool,
}

impl Default for PushConfig {
    fn default() -> Self {
        Self {
            ttl_seconds: 24 * 60 * 60,
            timeout_seconds: 10,
            allow_private_networks: false,
        }
    }
}

impl Validate for PushConfig {
    fn faults(&self) -> Vec<String> {
        let ttl = (self.ttl_seconds > LONGEST_TTL)
            .then(|| format!("ttl_seconds: must be at most {LONGEST_TTL}"));
        let timeout = super::timeout_fault(self.timeout_seconds);
        ttl.into_iter().chain(timeout).collect()
    }
}
