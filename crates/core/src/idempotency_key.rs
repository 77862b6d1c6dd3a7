//! Creations that may be repeated.

use std::str::FromStr;

/// What a caller names a creation by, so that a repeated call finds what the first one made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is no key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "must have from 1 to {} visible ASCII characters",
    IdempotencyKey::MAX_LEN
)]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// The longest, in characters.
    pub const MAX_LEN: usize = 200;

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidIdempotencyKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=Self::MAX_LEN).contains(&text.len());
        if !fits || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidIdempotencyKey);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_visible() {
        let longest = "k".repeat(200);
        for text in ["4f6c-1", "\"~\"", &longest] {
            let key = text.parse::<IdempotencyKey>().expect("a key");
            assert_eq!(key.as_str(), text);
        }
        for text in ["", "a b", "a\n", "ñ", &"k".repeat(201)] {
            assert_eq!(
                text.parse::<IdempotencyKey>(),
                Err(InvalidIdempotencyKey),
                "{text:?}"
            );
        }
    }
}
