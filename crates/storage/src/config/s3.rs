//! Which bucket, and how it is entered.

use std::{fs, path::PathBuf, time::Duration};

use pupila_runtime::config::Validate;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{StorageError, StorageKey};

/// Which bucket, and how it is entered. It must exist.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct S3Config {
    /// Where the server is, such as `https://minio.example.org:9000`; AWS where it is not set. Buckets are named in the
    /// path, not in the host.
    pub endpoint: Option<String>,
    /// The bucket's name.
    pub bucket: String,
    /// The region that signatures are made for.
    pub region: String,
    /// What the name of every object begins with, so that several may share the bucket; none where it is empty.
    pub prefix: String,
    /// Who enters.
    pub access_key_id: String,
    /// The secret that goes with it. Either this or `secret_access_key_file`.
    pub secret_access_key: Option<SecretString>,
    /// A file that holds the secret, such as a mounted one.
    pub secret_access_key_file: Option<PathBuf>,
    /// A file of PEM certificates to trust instead of the system's, for a server whose certificate is of one's own
    /// making.
    pub ca_file: Option<PathBuf>,
    /// Lets the endpoint begin with `http://`: whoever is on the way can read and change what is stored.
    pub allow_http: bool,
    /// How long a connection may take, in milliseconds.
    pub connect_timeout_ms: u64,
    /// How long the server may keep silent, in milliseconds. The upload of a whole object is one such silence.
    pub timeout_ms: u64,
}

impl Default for S3Config {
    fn default() -> Self {
        Self {
            endpoint: None,
            bucket: String::new(),
            region: "us-east-1".to_owned(),
            prefix: String::new(),
            access_key_id: String::new(),
            secret_access_key: None,
            secret_access_key_file: None,
            ca_file: None,
            allow_http: false,
            connect_timeout_ms: 2_000,
            timeout_ms: 10_000,
        }
    }
}

impl S3Config {
    /// As `Duration`.
    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    /// As `Duration`.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }

    /// Whether bytes go over the network in the clear.
    pub(crate) fn is_plain(&self) -> bool {
        let endpoint = self.endpoint.as_deref();
        endpoint.is_some_and(|endpoint| endpoint.starts_with("http://"))
    }

    /// The secret, from wherever it is.
    pub(crate) fn read_secret(&self) -> Result<SecretString, StorageError> {
        match (&self.secret_access_key, &self.secret_access_key_file) {
            (Some(secret), None) => Ok(secret.clone()),
            (None, Some(file)) => fs::read_to_string(file)
                .map(|text| SecretString::from(text.trim()))
                .map_err(|error| StorageError::File(file.clone(), error)),
            _ => Err(StorageError::Config(
                "it needs either a secret_access_key or a secret_access_key_file",
            )),
        }
    }

    fn endpoint_fault(&self) -> Option<&'static str> {
        let endpoint = self.endpoint.as_deref()?;
        match endpoint.split_once("://") {
            Some(("https", host)) if !host.is_empty() => None,
            Some(("http", host)) if !host.is_empty() => (!self.allow_http)
                .then_some("endpoint: http:// goes in the clear; set allow_http if you may"),
            _ => Some("endpoint: must begin with https:// and name a host"),
        }
    }
}

impl Validate for S3Config {
    fn faults(&self) -> Vec<String> {
        let mut faults: Vec<_> = self.endpoint_fault().into_iter().collect();
        if !is_bucket_name(&self.bucket) {
            faults.push("bucket: must have 3 to 63 of a-z, 0-9, - and .");
        }
        if self.region.is_empty() {
            faults.push("region: must not be empty");
        }
        if !self.prefix.is_empty() && StorageKey::new(self.prefix.as_str()).is_err() {
            faults.push("prefix: must be made of a-z, 0-9, -, _ and ., with / between them");
        }
        if self.access_key_id.is_empty() {
            faults.push("access_key_id: must be set");
        }
        match (&self.secret_access_key, &self.secret_access_key_file) {
            (None, None) => {
                faults.push("secret_access_key: must be set, or secret_access_key_file");
            }
            (Some(_), Some(_)) => {
                faults.push("secret_access_key: set either it or secret_access_key_file");
            }
            _ => {}
        }
        if self.connect_timeout_ms == 0 {
            faults.push("connect_timeout_ms: must be at least 1");
        }
        if self.timeout_ms == 0 {
            faults.push("timeout_ms: must be at least 1");
        }
        faults.into_iter().map(str::to_owned).collect()
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
fn is_bucket_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [name.bytes().next(), name.bytes().next_back()];
    (3..=63).contains(&name.len())
        && ends.into_iter().flatten().all(plain)
        && name
            .bytes()
            .all(|byte| plain(byte) || b"-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    const WHOLE: &str = "bucket = 'pupila'\naccess_key_id = 'images'\n";

    fn parse(text: &str) -> S3Config {
        toml::from_str(&format!("{WHOLE}{text}")).expect("valid TOML")
    }

    fn faults(text: &str) -> Vec<String> {
        parse(&format!("secret_access_key = 'hunter2'\n{text}")).faults()
    }

    #[test]
    fn a_bucket_and_the_keys_to_it_are_enough() {
        assert_eq!(faults(""), [""; 0]);
        assert_eq!(
            parse("secret_access_key_file = '/run/s3'").faults(),
            [""; 0]
        );
        assert_eq!(
            faults("endpoint = 'https://s3.example.org'\nprefix = 'a/b'"),
            [""; 0]
        );
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let config: S3Config = toml::from_str(
            "endpoint = 's3.example.org'\nbucket = 'Up'\nregion = ''\nprefix = '/a'\nconnect_timeout_ms = 0\ntimeout_ms = 0",
        )
        .expect("valid TOML");
        assert_eq!(config.faults().len(), 8, "{:?}", config.faults());
    }

    #[test]
    fn plain_http_is_asked_for_by_name() {
        assert_eq!(faults("endpoint = 'http://s3:9000'").len(), 1);
        let allowed = "endpoint = 'http://s3:9000'\nallow_http = true";
        assert_eq!(faults(allowed), [""; 0]);
    }

    #[test]
    fn names_that_no_bucket_can_have_are_refused() {
        for name in ["", "ab", "-abc", "abc.", "a_b_c", "../etc", &"a".repeat(64)] {
            assert!(!is_bucket_name(name), "{name}");
        }
    }

    #[test]
    fn the_secret_is_not_printed() {
        let config = parse("secret_access_key = 'hunter2'");
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn the_secret_is_read_from_its_file_without_the_line_break() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        fs::write(&file, "hunter2\n").expect("written");
        let config = S3Config {
            secret_access_key_file: Some(file.clone()),
            ..S3Config::default()
        };
        let secret = config.read_secret().expect("readable");
        assert_eq!(secret.expose_secret(), "hunter2");

        fs::remove_file(&file).expect("removed");
        let error = config.read_secret().expect_err("it is gone");
        assert!(error.to_string().contains(&file.display().to_string()));
    }
}
