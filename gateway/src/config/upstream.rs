//! Where the services are.

use pupila_runtime::config::Validate;
use serde::Deserialize;

use super::is_origin;

/// Where the services are, for a gateway in a process of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamConfig {
    /// The address of accounts, such as `http://accounts:50053`.
    pub accounts: String,
    /// The address of images.
    pub images: String,
    /// The address of inference.
    pub inference: String,
    /// The address of history.
    pub history: String,
}

impl Default for UpstreamConfig {
    fn default() -> Self {
        Self {
            accounts: "http://127.0.0.1:50053".to_owned(),
            images: "http://127.0.0.1:50054".to_owned(),
            inference: "http://127.0.0.1:50051".to_owned(),
            history: "http://127.0.0.1:50052".to_owned(),
        }
    }
}

impl Validate for UpstreamConfig {
    fn faults(&self) -> Vec<String> {
        let addresses = [
            ("accounts", &self.accounts),
            ("images", &self.images),
            ("inference", &self.inference),
            ("history", &self.history),
        ];
        addresses
            .into_iter()
            .filter(|(_, address)| !(is_origin(address) && address.starts_with("http://")))
            .map(|(field, address)| {
                format!(
                    "upstream.{field}: `{address}` is not an address like `http://{field}:50051`"
                )
            })
            .collect()
    }
}
