//! Which state of a resource is meant.

use std::{fmt, str::FromStr};

/// Counts the changes of a resource, from 1. A conditional update names the one that its caller saw, so that nobody
/// overwrites what they have not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision(i64);

/// The text is no entity tag of ours.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("an entity tag reads like \"3\", in quotation marks")]
pub struct RevisionParseError;

impl Revision {
    /// That of a new resource.
    pub const FIRST: Self = Self(1);

    /// One that was counted before.
    #[must_use]
    pub const fn new(count: i64) -> Self {
        Self(count)
    }

    /// The bare number, for storage.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// That of the next change.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// As a strong entity tag (RFC 9110, section 8.8.3).
impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

impl FromStr for Revision {
    type Err = RevisionParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse().ok())
            .map(Self)
            .ok_or(RevisionParseError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_an_entity_tag() {
        assert_eq!(Revision::FIRST.next().to_string(), "\"2\"");
        assert_eq!("\"2\"".parse(), Ok(Revision::new(2)));
        for text in [
            "2",
            "\"\"",
            "\"-2\"",
            "W/\"2\"",
            "\"x\"",
            "\"99999999999999999999\"",
        ] {
            assert!(text.parse::<Revision>().is_err(), "{text}");
        }
    }
}
