//! Secrets that accounts makes: 256 random bits, shown once. Only their digests are kept.

use std::fmt;

use aws_lc_rs::rand;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use pupila_core::Digest;
use subtle::ConstantTimeEq as _;

use crate::AccountsError;

/// Bytes of a secret.
const LENGTH: usize = 32;

/// A random secret. It needs no slow hash: nobody can try 2^256 of them. Not printed.
#[derive(Clone)]
pub(crate) struct Secret([u8; LENGTH]);

/// The system has no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes")]
struct NoRandomness;

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn generate() -> Result<Self, AccountsError> {
        let mut bytes = [0; LENGTH];
        rand::fill(&mut bytes).map_err(|_| AccountsError::Broken(Box::new(NoRandomness)))?;
        Ok(Self(bytes))
    }

    /// As its owner is told it: `prefix`, which tells people and scanners what it is, and 43 characters of base64url.
    pub(crate) fn to_text(&self, prefix: &str) -> String {
        format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }

    /// The secret that a text of that prefix tells; `None` where it is none.
    pub(crate) fn from_text(prefix: &str, text: &str) -> Option<Self> {
        let encoded = text.strip_prefix(prefix)?;
        // Decodes nothing that is too long to be one.
        let mut bytes = [0; LENGTH];
        match BASE64_URL_SAFE_NO_PAD.decode_slice(encoded, &mut bytes) {
            Ok(LENGTH) => Some(Self(bytes)),
            _ => None,
        }
    }

    /// What is kept of it.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }

    /// The secret of those bytes.
    pub(crate) const fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub(crate) const fn as_bytes(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whether two digests are equal, found out in the same time wherever they differ.
pub(crate) fn same(one: &Digest, other: &Digest) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_from_its_text() {
        let secret = Secret::generate().expect("randomness");
        let text = secret.to_text("pupila_");
        assert_eq!(text.len(), "pupila_".len() + 43);
        let back = Secret::from_text("pupila_", &text).expect("a secret");
        assert!(same(&back.digest(), &secret.digest()));
        let other = Secret::generate().expect("randomness");
        assert!(!same(&other.digest(), &secret.digest()));
    }

    #[test]
    fn other_texts_are_no_secrets() {
        let text = Secret::generate().expect("randomness").to_text("a_");
        for text in [
            "",
            "a_",
            &text[2..],
            &text[..44],
            &format!("{text}A"),
            &format!("b_{text}"),
            "a_ñ",
            &format!("a_{}", "A".repeat(100_000)),
        ] {
            assert!(Secret::from_text("a_", text).is_none(), "{text:.50}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::from_bytes([7; LENGTH]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
