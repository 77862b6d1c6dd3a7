//! Where the services are that keep what users own.

use pupila_runtime::config::Validate;
use serde::Deserialize;

/// The `upstream` section of the configuration of `pupila-accounts`: the services that are told when a user is deleted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamConfig {
    /// Images.
    pub images: String,
    /// History.
    pub history: String,
}

impl Default for UpstreamConfig {
    fn default() -> Self {
        Self {
            images: "http://127.0.0.1:50054".to_owned(),
            history: "http://127.0.0.1:50052".to_owned(),
        }
    }
}

impl Validate for UpstreamConfig {
    fn faults(&self) -> Vec<String> {
        let addresses = [("images", &self.images), ("history", &self.history)];
        addresses
            .into_iter()
            .filter(|(_, address)| !is_address(address))
            .map(|(field, address)| {
                format!(
                    "upstream.{field}: `{address}` is not an address like `http://{field}:50051`"
                )
            })
            .collect()
    }
}

fn is_address(text: &str) -> bool {
    let uri = text.parse::<http::Uri>();
    uri.is_ok_and(|uri| {
        uri.scheme_str() == Some("http") && uri.authority().is_some() && uri.path() == "/"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_named() {
        assert_eq!(UpstreamConfig::default().faults(), [""; 0]);
        let config = UpstreamConfig {
            images: "images:50054".to_owned(),
            history: "http://history:50052/path".to_owned(),
        };
        let faults = config.faults();
        assert_eq!(faults.len(), 2);
        assert!(
            faults[0].starts_with("upstream.images: `images:50054`"),
            "{faults:?}"
        );
    }
}
