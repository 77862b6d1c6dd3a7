//! How jobs are configured.

use std::time::Duration;

use serde::Deserialize;

use super::{Backoff, Rules};

/// Most items of a job that may be allowed: what the contract of the API says.
const MAX_ITEMS: u32 = 10_000;

/// `[history.jobs]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JobsConfig {
    /// How long a worker may hold a task without being heard of.
    pub lease_seconds: u64,
    /// Between two looks for what was forgotten.
    pub sweep_seconds: u64,
    /// How often a task is tried.
    pub max_attempts: u32,
    /// Most items of a job.
    pub max_items: u32,
    /// The second attempt waits at most this long, and each after it at most twice as long as the one before.
    pub backoff_base_seconds: u64,
    /// No attempt waits longer.
    pub backoff_cap_seconds: u64,
}

impl Default for JobsConfig {
    fn default() -> Self {
        Self {
            lease_seconds: 30,
            sweep_seconds: 5,
            max_attempts: 5,
            max_items: MAX_ITEMS,
            backoff_base_seconds: 1,
            backoff_cap_seconds: 300,
        }
    }
}

impl JobsConfig {
    /// When a task is given up.
    pub(crate) const fn rules(&self) -> Rules {
        Rules {
            lease: Duration::from_secs(self.lease_seconds),
            max_attempts: self.max_attempts,
            backoff: Backoff {
                base: Duration::from_secs(self.backoff_base_seconds),
                cap: Duration::from_secs(self.backoff_cap_seconds),
            },
        }
    }

    /// What cannot be, each as `field: rule`.
    pub(crate) fn faults(&self) -> Vec<String> {
        let ranges = [
            ("lease_seconds", self.lease_seconds, 3, 3_600),
            ("sweep_seconds", self.sweep_seconds, 1, 3_600),
            ("max_attempts", self.max_attempts.into(), 1, 100),
            ("max_items", self.max_items.into(), 1, MAX_ITEMS.into()),
            ("backoff_base_seconds", self.backoff_base_seconds, 1, 3_600),
            (
                "backoff_cap_seconds",
                self.backoff_cap_seconds,
                self.backoff_base_seconds,
                86_400,
            ),
        ];
        ranges
            .into_iter()
            .filter(|(_, value, least, most)| value < least || value > most)
            .map(|(field, _, least, most)| format!("{field}: must be from {least} to {most}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_at_once() {
        assert_eq!(JobsConfig::default().faults(), [""; 0]);
        let config: JobsConfig = toml::from_str(
            "lease_seconds = 0\nsweep_seconds = 0\nmax_attempts = 0\nmax_items = 10_001\nbackoff_base_seconds = 9\n\
             backoff_cap_seconds = 8",
        )
        .expect("valid TOML");
        let faults = config.faults();
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert_eq!(faults[3], "max_items: must be from 1 to 10000");
    }
}
