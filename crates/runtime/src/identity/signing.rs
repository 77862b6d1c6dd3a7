//! Signing tokens: Ed25519 (RFC 8032, `EdDSA` in RFC 8037).

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::{Claims, VerificationKey};

/// The type of our tokens (RFC 9068).
pub(super) const TYPE: &str = "at+jwt";

/// A private key and its id.
#[derive(Clone)]
pub struct SigningKey {
    id: String,
    pair: EncodingKey,
    public_key: Vec<u8>,
}

/// The bytes are no private key, or none can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing key cannot be used")]
pub struct InvalidKey;

impl SigningKey {
    /// A new private key, as a PKCS#8 document to keep.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<Vec<u8>, InvalidKey> {
        let pair = Ed25519KeyPair::generate().map_err(|_| InvalidKey)?;
        let document = pair.to_pkcs8().map_err(|_| InvalidKey)?;
        Ok(document.as_ref().to_vec())
    }

    /// The key of that id.
    ///
    /// # Errors
    /// The bytes are no PKCS#8 document with an Ed25519 key.
    pub fn from_pkcs8(id: impl Into<String>, document: &[u8]) -> Result<Self, InvalidKey> {
        let pair = Ed25519KeyPair::from_pkcs8(document).map_err(|_| InvalidKey)?;
        Ok(Self {
            id: id.into(),
            pair: EncodingKey::from_ed_der(document),
            public_key: pair.public_key().as_ref().to_vec(),
        })
    }

    /// A token that says `claims`.
    ///
    /// # Errors
    /// The key cannot sign.
    pub fn sign(&self, claims: &Claims) -> Result<String, InvalidKey> {
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(self.id.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        jsonwebtoken::encode(&header, claims, &self.pair).map_err(|_| InvalidKey)
    }

    /// Its public half.
    #[must_use]
    pub fn verification_key(&self) -> VerificationKey {
        VerificationKey {
            id: self.id.clone(),
            public_key: self.public_key.clone(),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}
