//! Creations that may be repeated: the caller names them, and a repeat finds what the first call made.

use pupila_core::{Digest, FieldViolation, IdempotencyKey, InvalidIdempotencyKey};

/// What makes a repeated creation known: the caller's own key, and the digest of what they asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Once {
    pub(crate) key: String,
    pub(crate) digest: Digest,
}

impl Once {
    /// The creation of what `content` says, under `key`; `None` where the key is empty.
    ///
    /// # Errors
    /// A key that cannot be.
    pub(crate) fn new(key: &str, content: &[u8]) -> Result<Option<Self>, FieldViolation> {
        if key.is_empty() {
            return Ok(None);
        }
        let blame =
            |rule: InvalidIdempotencyKey| FieldViolation::new("idempotency_key", rule.to_string());
        let key: IdempotencyKey = key.parse().map_err(blame)?;
        Ok(Some(Self {
            key: key.as_str().to_owned(),
            digest: Digest::of(content),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_visible() {
        assert_eq!(Once::new("", b"a"), Ok(None));
        let once = Once::new("key-1", b"a").expect("plain").expect("set");
        assert_eq!(once.digest, Digest::of(b"a"));
        for key in [" ", "a b", "a\n", "ñ", &"a".repeat(201)] {
            assert!(Once::new(key, b"a").is_err(), "{key:?}");
        }
    }
}
