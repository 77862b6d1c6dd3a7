//! E-mail addresses, as accounts are known by them.

use std::{fmt, str::FromStr};

/// Most bytes of an address (RFC 5321 by way of RFC 3696, erratum 1690).
const MAX: usize = 254;
/// Most bytes before the `@` (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// Most bytes of one name in a domain (RFC 1035, section 2.3.4).
const MAX_LABEL: usize = 63;

/// An e-mail address in lower case. What is not ASCII is refused: two addresses that look the same could not be told
/// apart. Not printed, because nothing that is logged or recorded may tell an address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Email(String);

/// The text is no e-mail address.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be an e-mail address of at most {MAX} characters, such as ana@example.com")]
pub(crate) struct InvalidEmail;

impl Email {
    /// As text, in lower case.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    /// The rule of `<input type=email>` (HTML, section 4.10.5.1.5), with the lengths that mail servers take.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let fits = text.len() <= MAX && (1..=MAX_LOCAL).contains(&local.len());
        let plain = local
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte));
        if fits && plain && domain.split('.').all(is_label) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(InvalidEmail)
        }
    }
}

fn is_label(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=MAX_LABEL).contains(&label.len())
        && label.bytes().all(plain)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_and_lower_case_are_the_same_address() {
        let email: Email = " Ana.Perez+x@Example.COM ".parse().expect("an address");
        assert_eq!(email.as_str(), "ana.perez+x@example.com");
        assert_eq!(Ok(email), "ana.perez+x@example.com".parse());
    }

    #[test]
    fn what_no_mail_server_takes_is_refused() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long = format!("a@{}com", "example.".repeat(40));
        for text in [
            "",
            "@",
            "ana",
            "@example.com",
            "ana@",
            "ana@.com",
            "ana@example..com",
            "ana@-example.com",
            "a na@example.com",
            "ana@exam ple.com",
            "ana\n@example.com",
            "ana@luis@example.com",
            "añá@example.com",
            "ana@éxample.com",
            &long_local,
            &long,
        ] {
            assert_eq!(text.parse::<Email>(), Err(InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_not_printed() {
        let email: Email = "ana@example.com".parse().expect("an address");
        assert!(!format!("{email:?}").contains("ana"));
    }
}
