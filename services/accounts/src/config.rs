//! How accounts is configured.

use std::collections::BTreeMap;

use pupila_db::DatabaseConfig;
use pupila_runtime::{config::Validate, identity::SecretConfig};
use serde::Deserialize;

/// The `accounts` section of the configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountsConfig {
    /// Where users, albums and the record are kept.
    pub database: DatabaseConfig,
    /// Who may make an account.
    pub registration: Registration,
    /// Whether anybody gets a token of the local administrator: for a process that only this machine reaches.
    pub local_user: bool,
    /// The services that may ask for tokens of their own, by name, and the secret of each.
    pub services: BTreeMap<String, SecretConfig>,
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Anybody.
    #[default]
    Open,
    /// The first user; after that only administrators make accounts.
    Closed,
}

impl Validate for AccountsConfig {
    fn faults(&self) -> Vec<String> {
        let faults = self.database.faults().into_iter();
        faults
            .map(|fault| format!("accounts.database.{fault}"))
            .collect()
    }
}
