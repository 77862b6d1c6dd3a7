//! Where tokens are verified, and how a service proves who it is.

use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::config::{ConfigError, Validate};

/// How a service in a process of its own knows its callers and is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IdentityConfig {
    /// The address of accounts, which has the public keys, such as `http://accounts:50053`.
    pub accounts: String,
    /// What accounts knows this service by, on calls that it makes for itself.
    pub secret: SecretConfig,
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self {
            accounts: "http://127.0.0.1:50053".to_owned(),
            secret: SecretConfig::default(),
        }
    }
}

impl IdentityConfig {
    /// The secret of a service that makes calls for itself.
    ///
    /// # Errors
    /// There is none, or its file cannot be read.
    pub fn own_secret(&self) -> Result<SecretString, ConfigError> {
        let fault = |what: &str| ConfigError::new(format!("identity.secret: {what}"));
        let secret = self.secret.read();
        secret
            .map_err(|error| fault(&error.to_string()))?
            .ok_or_else(|| fault("must be set, or accounts does not know us"))
    }
}

impl Validate for IdentityConfig {
    fn faults(&self) -> Vec<String> {
        let uri = self.accounts.parse::<http::Uri>();
        let is_address = uri.is_ok_and(|uri| {
            uri.scheme_str() == Some("http") && uri.authority().is_some() && uri.path() == "/"
        });
        (!is_address)
            .then(|| {
                format!(
                    "identity.accounts: `{}` is not an address like `http://accounts:50053`",
                    self.accounts
                )
            })
            .into_iter()
            .collect()
    }
}

/// A secret, or the file that it is in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecretConfig {
    /// The secret itself.
    pub value: Option<SecretString>,
    /// The file that it is in; white space around it is dropped.
    pub file: Option<PathBuf>,
}

impl From<SecretString> for SecretConfig {
    fn from(secret: SecretString) -> Self {
        Self {
            value: Some(secret),
            file: None,
        }
    }
}

impl SecretConfig {
    /// The secret; `None` where there is none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self) -> std::io::Result<Option<SecretString>> {
        let secret = match &self.file {
            Some(file) => Some(std::fs::read_to_string(file)?.trim().into()),
            None => self.value.clone(),
        };
        Ok(secret.filter(|secret: &SecretString| !secret.expose_secret().is_empty()))
    }
}
