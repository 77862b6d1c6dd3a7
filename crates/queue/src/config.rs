//! Where the queue is, and how much may be in it.

use std::{fs, path::PathBuf, time::Duration};

use pupila_runtime::config::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::{OpenError, Share};

/// The longest prefix, in bytes: it is in every key.
const MAX_PREFIX: usize = 64;
/// Unless it is set, an owner may hold this part of the whole.
const OWNER_PART: usize = 10;

/// Where the queue is, and how much may be in it. Without a URL it is in memory, for one process.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QueueConfig {
    /// `redis://user:password@host:port/database`, or `rediss://…` with TLS. Either this or `url_file`, or neither.
    pub url: Option<SecretString>,
    /// A file that holds the URL, such as a mounted secret.
    pub url_file: Option<PathBuf>,
    /// A file of PEM certificates to trust instead of the system's, for a Redis whose certificate is of one's own making.
    pub ca_file: Option<PathBuf>,
    /// What the name of every key begins with, so that several may share a Redis.
    pub prefix: String,
    /// Tickets that are here at once: new jobs are refused beyond, batches a tenth before.
    pub max_waiting: usize,
    /// Of one owner's, tasks that have not ended, in the queue or not: their new jobs are refused beyond. Unless it is set, a
    /// tenth of the whole.
    pub max_waiting_per_owner: Option<usize>,
    /// How long a ticket stays with a worker who does not settle it before another one gets it, in seconds.
    pub redeliver_after_seconds: u64,
}

impl QueueConfig {
    /// A queue on the Redis with that URL, and the defaults.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: Some(SecretString::from(url.into())),
            ..Self::default()
        }
    }

    /// Whether other processes reach it: one in memory wakes nobody but its own.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.url.is_some() || self.url_file.is_some()
    }

    /// What one owner may have: what is set, or a tenth of the whole.
    #[must_use]
    pub fn share(&self) -> Share {
        let part = self.max_waiting / OWNER_PART;
        Share::new(self.max_waiting_per_owner.unwrap_or(part))
    }

    /// As `Duration`.
    pub(crate) fn redeliver_after(&self) -> Duration {
        Duration::from_secs(self.redeliver_after_seconds)
    }

    /// The URL, from wherever it is; none for a queue in memory.
    pub(crate) fn read_url(&self) -> Result<Option<SecretString>, OpenError> {
        match (&self.url, &self.url_file) {
            (Some(_), Some(_)) => Err(OpenError::TwoUrls),
            (Some(url), None) => Ok(Some(url.clone())),
            (None, Some(file)) => fs::read_to_string(file)
                .map(|text| Some(SecretString::from(text.trim())))
                .map_err(|error| OpenError::File(file.clone(), error)),
            (None, None) => Ok(None),
        }
    }
}

impl Default for QueueConfig {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            ca_file: None,
            prefix: "pupila".to_owned(),
            max_waiting: 100_000,
            max_waiting_per_owner: None,
            redeliver_after_seconds: 30,
        }
    }
}

impl Validate for QueueConfig {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match (&self.url, &self.url_file) {
            (Some(_), Some(_)) => faults.push("url: set either it or url_file".to_owned()),
            (Some(url), None) => {
                let url = url.expose_secret();
                if !url.starts_with("redis://") && !url.starts_with("rediss://") {
                    faults.push("url: must begin with redis:// or rediss://".to_owned());
                } else if self.ca_file.is_some() && !url.starts_with("rediss://") {
                    faults.push("ca_file: needs a url that begins with rediss://".to_owned());
                }
            }
            (None, Some(_)) => {}
            (None, None) => {
                if self.ca_file.is_some() {
                    faults.push("ca_file: needs a url".to_owned());
                }
            }
        }
        // Braces would tell Redis Cluster to place the keys otherwise.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
        if !(1..=MAX_PREFIX).contains(&self.prefix.len()) || !self.prefix.bytes().all(plain) {
            faults.push(format!(
                "prefix: must be 1 to {MAX_PREFIX} letters, digits or any of -_.:"
            ));
        }
        if self.max_waiting == 0 {
            faults.push("max_waiting: must be at least 1".to_owned());
        }
        if self.max_waiting_per_owner == Some(0) {
            faults.push("max_waiting_per_owner: must be at least 1".to_owned());
        }
        if !(1..=86_400).contains(&self.redeliver_after_seconds) {
            faults.push("redeliver_after_seconds: must be 1 to 86400".to_owned());
        }
        faults
            .into_iter()
            .map(|fault| format!("queue.{fault}"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> QueueConfig {
        toml::from_str(text).expect("valid TOML")
    }

    #[test]
    fn without_a_word_it_is_in_memory() {
        let config = parse("");
        assert_eq!(config.faults(), [""; 0]);
        assert!(config.read_url().expect("readable").is_none());
        assert!(!config.is_shared());
    }

    #[test]
    fn one_url_is_enough() {
        for one in [
            "url = 'redis://cache:6379/2'",
            "url_file = '/run/secrets/url'",
        ] {
            assert_eq!(parse(one).faults(), [""; 0]);
            assert!(parse(one).is_shared());
        }
        let tls = "url = 'rediss://cache'\nca_file = 'ca.pem'";
        assert_eq!(parse(tls).faults(), [""; 0]);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let all = "url = 'amqp://mq'\nprefix = 'a{b}'\nmax_waiting = 0\nmax_waiting_per_owner = 0\n\
             redeliver_after_seconds = 0";
        let faults = parse(all).faults();
        assert_eq!(faults.len(), 5);
        assert!(faults.iter().all(|fault| fault.starts_with("queue.")));
        for one in [
            "url = 'redis://a'\nurl_file = 'b'",
            "url = 'redis://a'\nca_file = 'ca.pem'",
            "ca_file = 'ca.pem'",
            "prefix = ''",
            &format!("prefix = '{}'", "p".repeat(65)),
        ] {
            assert_eq!(parse(one).faults().len(), 1, "{one}");
        }
        assert!(toml::from_str::<QueueConfig>("ulr = ''").is_err());
    }

    #[test]
    fn the_password_is_not_printed() {
        let config = QueueConfig::at("redis://pupila:hunter2@cache");
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn the_url_is_read_from_its_file_without_the_line_break() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("url");
        fs::write(&file, "redis://cache\n").expect("written");
        let config = QueueConfig {
            url_file: Some(file.clone()),
            ..QueueConfig::default()
        };
        let url = config.read_url().expect("readable").expect("a URL");
        assert_eq!(url.expose_secret(), "redis://cache");

        fs::remove_file(&file).expect("removed");
        let error = config.read_url().expect_err("it is gone");
        assert!(error.to_string().contains(&file.display().to_string()));
    }
}
