//! How accounts is configured.

mod limits;
mod push;
mod upstream;

use std::collections::BTreeMap;

use pupila_db::DatabaseConfig;
use pupila_runtime::{config::Validate, identity::SecretConfig, rpc::with_causes};
use serde::Deserialize;

pub use limits::{
    AuditConfig, NotificationsConfig, PasswordsConfig, SessionsConfig, ThrottleConfig, TokensConfig,
};
pub use push::PushConfig;
pub use upstream::UpstreamConfig;

use crate::services;

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
    /// What access tokens are like.
    pub tokens: TokensConfig,
    /// What sessions are like.
    pub sessions: SessionsConfig,
    /// What the record is like.
    pub audit: AuditConfig,
    /// What hashing a password costs.
    pub passwords: PasswordsConfig,
    /// How often passwords may be guessed.
    pub throttle: ThrottleConfig,
    /// How often users are told.
    pub notifications: NotificationsConfig,
    /// How push services know us.
    pub push: PushConfig,
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
        let database = self.database.faults().into_iter();
        let database = database.map(|fault| format!("database.{fault}"));
        let services = self.services.iter().filter_map(|(name, secret)| {
            let is_set = secret.value.is_some() != secret.file.is_some();
            let fault = match is_set {
                true => with_causes(&services::digest(secret).err()?),
                false => "set either value or file".to_owned(),
            };
            Some(format!("services.{name}: {fault}"))
        });
        database
            .chain(services)
            .chain(self.tokens.faults())
            .chain(self.sessions.faults())
            .chain(self.audit.faults())
            .chain(self.passwords.faults())
            .chain(self.throttle.faults())
            .chain(self.notifications.faults())
            .chain(self.push.faults())
            .map(|fault| format!("accounts.{fault}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> AccountsConfig {
        let text = format!("database.url = 'sqlite://accounts.db'\n{text}");
        toml::from_str(&text).expect("valid TOML")
    }

    #[test]
    fn a_database_is_enough() {
        assert_eq!(parse("").faults(), [""; 0]);
        assert_eq!(parse("").registration, Registration::Open);
        assert!(!parse("").local_user);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let config = parse(
            "services.images = {}
            services.worker.value = 'hunter2'
            tokens.access_seconds = 0
            tokens.key_rotation_days = 0
            sessions.idle_days = 1000
            audit.kept_days = 100000
            passwords.memory_kib = 1024
            passwords.workers = 0
            throttle.address_attempts = 0
            throttle.link_openings = 0
            notifications.letters_per_hour = 0
            push.contact = 'nobody'",
        );
        let faults = config.faults();
        assert_eq!(faults.len(), 12, "{faults:#?}");
        assert!(faults.iter().all(|fault| fault.starts_with("accounts.")));
        assert!(toml::from_str::<AccountsConfig>("registration = 'perhaps'").is_err());
        assert!(toml::from_str::<AccountsConfig>("open = true").is_err());
    }
}
