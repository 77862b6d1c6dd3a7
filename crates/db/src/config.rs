//! Where a service's database is.

use std::{fs, path::PathBuf, time::Duration};

use pupila_runtime::config::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::DatabaseError;

/// Where a service's database is, and how much of it the service may use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `mysql://user:password@host:port/schema` for MySQL and MariaDB, or `sqlite://path/to/file`, which is made
    /// where it does not exist. Either this or `url_file`.
    pub url: Option<SecretString>,
    /// A file that holds the URL, such as a mounted secret.
    pub url_file: Option<PathBuf>,
    /// The same schema as another user, who may change its tables: migrations run as that one, over a connection of
    /// their own, so that the user who serves needs no right but to rows. MySQL only; see `migrations/roles`.
    pub migration_url: Option<SecretString>,
    /// A file that holds that URL.
    pub migration_url_file: Option<PathBuf>,
    /// Most connections at the same time. SQLite takes one more, for writing.
    pub max_connections: u32,
    /// How long a request waits for a free connection before it is refused, in milliseconds.
    pub acquire_timeout_ms: u64,
}

impl DatabaseConfig {
    /// A configuration with that URL and the defaults.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: Some(SecretString::from(url.into())),
            ..Self::default()
        }
    }

    /// As `Duration`.
    pub(crate) fn acquire_timeout(&self) -> Duration {
        Duration::from_millis(self.acquire_timeout_ms)
    }

    /// The URL, from wherever it is.
    pub(crate) fn read_url(&self) -> Result<SecretString, DatabaseError> {
        read(&self.url, &self.url_file)?.ok_or(DatabaseError::NoUrl)
    }

    /// The URL for migrations, from wherever it is.
    pub(crate) fn read_migration_url(&self) -> Result<Option<SecretString>, DatabaseError> {
        read(&self.migration_url, &self.migration_url_file)
    }
}

/// A URL that is given itself or in a file; none where neither is.
fn read(
    url: &Option<SecretString>,
    file: &Option<PathBuf>,
) -> Result<Option<SecretString>, DatabaseError> {
    match (url, file) {
        (None, None) => Ok(None),
        (Some(url), None) => Ok(Some(url.clone())),
        (None, Some(file)) => fs::read_to_string(file)
            .map(|text| Some(SecretString::from(text.trim())))
            .map_err(|error| DatabaseError::UrlFile(file.clone(), error)),
        (Some(_), Some(_)) => Err(DatabaseError::NoUrl),
    }
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            migration_url: None,
            migration_url_file: None,
            max_connections: 10,
            acquire_timeout_ms: 5_000,
        }
    }
}

impl Validate for DatabaseConfig {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match (&self.url, &self.url_file) {
            (Some(url), None) => {
                let url = url.expose_secret();
                if !url.starts_with("mysql://") && !url.starts_with("sqlite://") {
                    faults.push("url: must begin with mysql:// or sqlite://".to_owned());
                }
            }
            (None, Some(_)) => {}
            (None, None) => faults.push("url: must be set, or url_file".to_owned()),
            (Some(_), Some(_)) => faults.push("url: set either it or url_file".to_owned()),
        }
        match (&self.migration_url, &self.migration_url_file) {
            (Some(_), Some(_)) => {
                faults.push("migration_url: set either it or migration_url_file".to_owned());
            }
            (Some(url), None) if !url.expose_secret().starts_with("mysql://") => {
                faults.push("migration_url: must begin with mysql://".to_owned());
            }
            _ => {}
        }
        if self.max_connections == 0 {
            faults.push("max_connections: must be at least 1".to_owned());
        }
        if self.acquire_timeout_ms == 0 {
            faults.push("acquire_timeout_ms: must be at least 1".to_owned());
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> DatabaseConfig {
        toml::from_str(text).expect("valid TOML")
    }

    #[test]
    fn one_url_is_enough() {
        assert_eq!(parse("url = 'sqlite://a.db'").faults(), [""; 0]);
        assert_eq!(parse("url_file = '/run/secrets/url'").faults(), [""; 0]);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let config = parse(
            "url = 'postgres://db'\nmigration_url = 'sqlite://a.db'\nmax_connections = 0\nacquire_timeout_ms = 0",
        );
        assert_eq!(config.faults().len(), 4);
        let both = "url_file = 'a'\nmigration_url = 'mysql://db'\nmigration_url_file = 'b'";
        assert_eq!(parse(both).faults().len(), 1);
        assert_eq!(parse("").faults(), ["url: must be set, or url_file"]);
        assert!(toml::from_str::<DatabaseConfig>("ulr = ''").is_err());
    }

    #[test]
    fn the_password_is_not_printed() {
        let config = DatabaseConfig::at("mysql://root:hunter2@db/history");
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn the_url_is_read_from_its_file_without_the_line_break() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("url");
        std::fs::write(&file, "sqlite://a.db\n").expect("written");
        let config = DatabaseConfig {
            url_file: Some(file.clone()),
            ..DatabaseConfig::default()
        };
        let url = config.read_url().expect("readable");
        assert_eq!(url.expose_secret(), "sqlite://a.db");

        std::fs::remove_file(&file).expect("removed");
        let error = config.read_url().expect_err("it is gone");
        assert!(error.to_string().contains(&file.display().to_string()));
    }
}
