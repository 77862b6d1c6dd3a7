//! Where a service's objects are.

mod s3;

use std::path::PathBuf;

use pupila_runtime::config::Validate;
use serde::Deserialize;

pub use self::s3::S3Config;

/// Where a service's objects are: either in a folder or in a bucket.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StorageConfig {
    /// A folder, which is made where it does not exist, for the user who runs this process alone.
    pub path: Option<PathBuf>,
    /// A bucket of S3, or of a server that speaks its language.
    pub s3: Option<S3Config>,
}

impl StorageConfig {
    /// The folder `path`.
    #[must_use]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self {
            path: Some(path.into()),
            s3: None,
        }
    }

    /// A bucket.
    #[must_use]
    pub fn bucket(s3: S3Config) -> Self {
        Self {
            path: None,
            s3: Some(s3),
        }
    }
}

impl Validate for StorageConfig {
    fn faults(&self) -> Vec<String> {
        match (&self.path, &self.s3) {
            (Some(path), None) if path.as_os_str().is_empty() => {
                vec!["path: must not be empty".to_owned()]
            }
            (Some(_), None) => Vec::new(),
            (None, Some(s3)) => {
                let faults = s3.faults().into_iter();
                faults.map(|fault| format!("s3.{fault}")).collect()
            }
            (None, None) => vec!["path: must be set, or s3".to_owned()],
            (Some(_), Some(_)) => vec!["path: set either it or s3".to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        toml::from_str::<StorageConfig>(text)
            .expect("valid TOML")
            .faults()
    }

    #[test]
    fn a_folder_is_enough() {
        assert_eq!(faults("path = 'data/objects'"), [""; 0]);
    }

    #[test]
    fn there_is_one_place_and_no_more() {
        assert_eq!(faults(""), ["path: must be set, or s3"]);
        assert_eq!(faults("path = ''"), ["path: must not be empty"]);
        assert_eq!(
            faults("path = 'data'\n[s3]\nbucket = 'pupila'"),
            ["path: set either it or s3"]
        );
        assert!(toml::from_str::<StorageConfig>("pth = ''").is_err());
    }

    #[test]
    fn faults_of_a_bucket_say_where_they_are() {
        let faults = faults("[s3]\nbucket = 'UP'");
        assert!(
            faults.iter().all(|fault| fault.starts_with("s3.")),
            "{faults:?}"
        );
    }
}
