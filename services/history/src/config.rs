//! How history is configured.

use pupila_db::DatabaseConfig;
use pupila_runtime::config::Validate;
use serde::Deserialize;

use crate::JobsConfig;

/// The `history` section of the configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistoryConfig {
    /// Where predictions and jobs are kept.
    pub database: DatabaseConfig,
    /// What jobs may be, and when their tasks are given up.
    pub jobs: JobsConfig,
}

impl Validate for HistoryConfig {
    fn faults(&self) -> Vec<String> {
        let database = self.database.faults().into_iter();
        let database = database.map(|fault| format!("history.database.{fault}"));
        let jobs = self.jobs.faults().into_iter();
        database
            .chain(jobs.map(|fault| format!("history.jobs.{fault}")))
            .collect()
    }
}
