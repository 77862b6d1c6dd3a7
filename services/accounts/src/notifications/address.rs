//! Addresses on the network that users hand to us. Whether one may be called is checked when it is: a name can lead
//! somewhere else by then.

use pupila_core::FieldViolation;
use url::Url;

/// Most characters of an address.
const LONGEST: usize = 2_000;

/// An address that messages can be sent to: of http or https, with a host, without user, password and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address(Url);

impl Address {
    /// The push service of a browser. The text stays the browser's own, by which it knows its subscription.
    ///
    /// # Errors
    /// It is none, is not https, or has characters that a URL writes otherwise.
    pub(super) fn of_push_service(field: &str, text: &str) -> Result<Self, FieldViolation> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        let address = plain.then(|| Self::parse(text, &["https"])).flatten();
        address.ok_or_else(|| refuse(field, "https"))
    }

    /// A webhook, as it is written by the rules of URLs: a host of another script is `xn--…`.
    ///
    /// # Errors
    /// It is none, or of another scheme.
    pub(super) fn of_webhook(field: &str, text: &str) -> Result<Self, FieldViolation> {
        let text = text.trim();
        let plain = !text.chars().any(|character| character.is_control());
        let address = plain
            .then(|| Self::parse(text, &["http", "https"]))
            .flatten();
        address.ok_or_else(|| refuse(field, "http or https"))
    }

    fn parse(text: &str, schemes: &[&str]) -> Option<Self> {
        // Parses nothing that is too long to be one.
        let url = (text.len() <= 4 * LONGEST)
            .then(|| Url::parse(text))?
            .ok()?;
        let anonymous = url.username().is_empty() && url.password().is_none();
        let fits = text.len().max(url.as_str().len()) <= LONGEST;
        let allowed = schemes.contains(&url.scheme()) && url.has_host();
        (fits && allowed && anonymous && url.fragment().is_none()).then_some(Self(url))
    }

    /// As text.
    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Its host, without what may be secret in the rest.
    pub(super) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Scheme, host and port (RFC 6454), such as `https://push.example.com`.
    pub(super) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

fn refuse(field: &str, schemes: &str) -> FieldViolation {
    let rule = format!(
        "must be an {schemes} address of up to {LONGEST} characters, without user, password and fragment"
    );
    FieldViolation::new(field, rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(text: &str) -> Option<String> {
        let address = Address::of_webhook("url", text);
        address.ok().map(|address| address.as_str().to_owned())
    }

    #[test]
    fn a_webhook_is_written_by_the_rules_of_urls() {
        let cases = [
            ("http://example.com", "http://example.com/"),
            (
                " https://EXAMPLE.com:443/a?b=c ",
                "https://example.com/a?b=c",
            ),
            (
                "https://ñandú.example/ñ",
                "https://xn--and-6ma2c.example/%C3%B1",
            ),
            ("http://[::1]:8080/", "http://[::1]:8080/"),
        ];
        for (text, written) in cases {
            assert_eq!(webhook(text).as_deref(), Some(written), "{text}");
        }
    }

    #[test]
    fn what_leads_nowhere_or_tells_a_password_is_refused() {
        let long = format!("https://example.com/{}", "a".repeat(1_981));
        let grows = format!("https://example.com/{}", "ñ".repeat(400));
        let huge = format!("https://example.com/{}", "a".repeat(1_000_000));
        for text in [
            "",
            "example.com",
            "/path",
            "ftp://example.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
            "https://user@example.com/",
            "https://user:password@example.com/",
            "https://example.com/#part",
            "https://exam\nple.com/",
            "https://example.com:99999/",
            &long,
            &grows,
            &huge,
        ] {
            assert_eq!(webhook(text), None, "{text:.50}");
        }
    }

    #[test]
    fn an_endpoint_is_https_and_stays_as_it_is() {
        let text = "https://push.example.com:8443/send/a-B_c%20?d=e";
        let endpoint = Address::of_push_service("endpoint", text).expect("an endpoint");
        assert_eq!(endpoint.origin(), "https://push.example.com:8443");
        let default = Address::of_push_service("endpoint", "https://push.example.com:443/a");
        assert_eq!(default.expect("one").origin(), "https://push.example.com");
        for text in [
            "http://push.example.com/",
            "https://ñ.example/",
            " https://a.example/",
        ] {
            assert!(
                Address::of_push_service("endpoint", text).is_err(),
                "{text}"
            );
        }
    }
}
