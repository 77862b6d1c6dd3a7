//! The public keys of tokens, and where they come from.

use async_trait::async_trait;

/// The public half of a key that tokens are signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationKey {
    /// Its id: `kid` in the header of a token.
    pub id: String,
    /// The raw Ed25519 public key (RFC 8032), 32 bytes.
    pub public_key: Vec<u8>,
}

/// Knows the keys that tokens may be signed with now.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// All of them.
    ///
    /// # Errors
    /// They cannot be had now.
    async fn keys(&self) -> Result<Vec<VerificationKey>, Box<dyn std::error::Error + Send + Sync>>;
}

/// Keys that are known beforehand.
#[async_trait]
impl KeySource for Vec<VerificationKey> {
    async fn keys(&self) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.clone())
    }
}
