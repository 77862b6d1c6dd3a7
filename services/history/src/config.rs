//! How history is configured.

use pupila_db::DatabaseConfig;
use pupila_runtime::config::Validate;
use serde::Deserialize;

/// The `history` section of the configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistoryConfig {
    /// Where predictions are kept.
    pub database: DatabaseConfig,
}

impl Validate for HistoryConfig {
    fn faults(&self) -> Vec<String> {
        let faults = self.database.faults().into_iter();
        faults
            .map(|fault| format!("history.database.{fault}"))
            .collect()
    }
}
