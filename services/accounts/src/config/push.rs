//! How push services know us.

use serde::Deserialize;

/// `[accounts.push]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PushConfig {
    /// Where push services can write to whoever runs this server: `mailto:…` or `https://…` (RFC 8292, section 2.1).
    /// Some, Apple's among them, take no message without.
    pub contact: Option<String>,
}

impl PushConfig {
    pub(super) fn faults(&self) -> Vec<String> {
        let contact = self.contact.iter().filter(|contact| !is_contact(contact));
        contact
            .map(|contact| {
                format!("push.contact: `{contact}` is not like `mailto:ops@example.com` or `https://example.com`")
            })
            .collect()
    }
}

fn is_contact(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    let address = text.strip_prefix("mailto:");
    let is_mail = address.is_some_and(|address| address.split_once('@').is_some_and(both));
    let is_page = url::Url::parse(text).is_ok_and(|url| url.scheme() == "https");
    plain && (is_mail || is_page)
}

fn both((name, domain): (&str, &str)) -> bool {
    !name.is_empty() && !domain.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_an_address_or_a_page() {
        for contact in ["mailto:ops@example.com", "https://example.com/contact"] {
            assert!(is_contact(contact), "{contact}");
        }
        for text in [
            "",
            "ops@example.com",
            "mailto:",
            "mailto:@",
            "http://example.com",
            "https://",
        ] {
            assert!(!is_contact(text), "{text}");
        }
    }
}
