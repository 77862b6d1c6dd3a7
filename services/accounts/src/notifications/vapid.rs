//! How push services know that messages come from us (VAPID, RFC 8292): browsers subscribe for a public key, and every
//! message carries a token that was signed with the private one.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use pupila_db::{Dialect, Pools};
use serde::Serialize;

use super::{
    address::Address,
    kept_key::{Purpose, kept},
};
use crate::AccountsError;

/// How long an authorization holds: at most a day (RFC 8292, section 2), and long enough to deliver late.
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// Signs for push services.
pub(super) struct Vapid {
    key: EncodingKey,
    public_key: Vec<u8>,
    contact: Option<String>,
}

/// What a token for a push service says.
#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
}

/// The key is none, or cannot sign.
#[derive(Debug, thiserror::Error)]
#[error("the key for push services cannot be used")]
struct BrokenKey;

impl Vapid {
    /// The key in the database, which is made where there is none. Push services may write to `contact`.
    ///
    /// # Errors
    /// The database is away, or holds what is no key.
    pub(super) async fn open<DB: Dialect>(
        pools: &Pools<DB>,
        contact: Option<String>,
        now: Timestamp,
    ) -> Result<Self, AccountsError> {
        let document = kept(pools, Purpose::Push, now, generate).await?;
        Self::from_pkcs8(&document, contact)
    }

    fn from_pkcs8(document: &[u8], contact: Option<String>) -> Result<Self, AccountsError> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document);
        let pair = pair.map_err(|_| broken())?;
        Ok(Self {
            key: EncodingKey::from_ec_der(document),
            public_key: pair.public_key().as_ref().to_vec(),
            contact,
        })
    }

    /// The public key: an uncompressed point on P-256, 65 bytes.
    pub(super) fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// The `Authorization` header of messages to the push service of `endpoint`.
    ///
    /// # Errors
    /// The key cannot sign.
    pub(super) fn authorization(
        &self,
        endpoint: &Address,
        now: Timestamp,
    ) -> Result<String, AccountsError> {
        let claims = Claims {
            aud: &endpoint.origin(),
            exp: (now + LIFETIME).as_second(),
            sub: self.contact.as_deref(),
        };
        let header = Header::new(Algorithm::ES256);
        let token = jsonwebtoken::encode(&header, &claims, &self.key).map_err(|_| broken())?;
        let key = BASE64_URL_SAFE_NO_PAD.encode(&self.public_key);
        Ok(format!("vapid t={token}, k={key}"))
    }
}

/// A private key, as a PKCS#8 document.
fn generate() -> Result<Vec<u8>, AccountsError> {
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new());
    Ok(document.map_err(|_| broken())?.as_ref().to_vec())
}

fn broken() -> AccountsError {
    AccountsError::Broken(Box::new(BrokenKey))
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation};
    use serde_json::{Value, json};

    use super::*;

    fn authorize(contact: Option<&str>) -> Value {
        let document = generate().expect("randomness");
        let contact = contact.map(str::to_owned);
        let vapid = Vapid::from_pkcs8(&document, contact).expect("a key");
        let endpoint = Address::of_push_service("", "https://push.example.com:8443/send/abc");
        let header = vapid.authorization(&endpoint.expect("one"), Timestamp::UNIX_EPOCH);
        let header = header.expect("signed");
        let (token, key) = header
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .expect("two parameters");
        let key = BASE64_URL_SAFE_NO_PAD.decode(key).expect("base64url");
        assert_eq!((key.len(), key[0]), (65, 4), "an uncompressed point");
        assert_eq!(key, vapid.public_key());

        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_audience(&["https://push.example.com:8443"]);
        // The test's time is not the machine's.
        rules.validate_exp = false;
        // `from_ec_der` takes the bare point.
        let key = DecodingKey::from_ec_der(&key);
        let token = jsonwebtoken::decode::<Value>(token, &key, &rules);
        token.expect("signed by the key").claims
    }

    #[test]
    fn an_authorization_is_for_one_push_service_and_half_a_day() {
        let claims = authorize(Some("mailto:ops@example.com"));
        let said = json!({
            "aud": "https://push.example.com:8443", "exp": 43_200, "sub": "mailto:ops@example.com"
        });
        assert_eq!(claims, said);
        assert_eq!(authorize(None).get("sub"), None);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(Vapid::from_pkcs8(b"no key", None).is_err());
    }
}
