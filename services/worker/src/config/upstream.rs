//! Where the services are.

use pupila_runtime::config::Validate;
use serde::Deserialize;

/// Where the services are, for a worker in a process of its own. Where accounts is, `identity.accounts` says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamConfig {
    /// The address of images, such as `http://images:50054`.
    pub images: String,
    /// The address of inference.
    pub inference: String,
    /// The address of history.
    pub history: String,
}

impl Default for UpstreamConfig {
    fn default() -> Self {
        Self {
            images: "http://127.0.0.1:50054".to_owned(),
            inference: "http://127.0.0.1:50051".to_owned(),
            history: "http://127.0.0.1:50052".to_owned(),
        }
    }
}

impl Validate for UpstreamConfig {
    fn faults(&self) -> Vec<String> {
        let addresses = [
            ("images", &self.images),
            ("inference", &self.inference),
            ("history", &self.history),
        ];
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
    text.parse::<http::Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("http") && uri.authority().is_some() && uri.path() == "/"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_is_told_by_its_field() {
        assert_eq!(UpstreamConfig::default().faults(), [""; 0]);
        let config = UpstreamConfig {
            history: "history:50052".to_owned(),
            ..UpstreamConfig::default()
        };
        let faults = config.faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("upstream.history: "), "{faults:?}");
    }
}
