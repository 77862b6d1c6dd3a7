//! Verifying tokens.

mod key_ring;

use std::sync::Arc;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation};
use pupila_core::{Caller, Clock};

use self::key_ring::{KeyRing, Keys};
use super::{AUDIENCE, AccessError, Claims, ISSUER, KeySource, signing::TYPE};

/// Longer texts are no tokens of ours, in bytes.
const MAX_TOKEN: usize = 4096;
/// Tokens whose signature need not be checked again. One is about a kilobyte.
const REMEMBERED: u64 = 10_000;

/// Verifies access tokens. Its clones share keys and memory.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    keys: KeyRing,
    remembered: moka::sync::Cache<String, Remembered>,
}

#[derive(Clone)]
struct Remembered {
    caller: Caller,
    end: i64,
    /// When the keys came that it was verified with.
    fetched: Timestamp,
}

impl Verifier {
    /// Trusts the keys of `source`.
    pub fn new(source: impl KeySource + 'static, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            clock,
            keys: KeyRing::new(source),
            remembered: moka::sync::Cache::new(REMEMBERED),
        }))
    }

    /// Whom a token speaks for.
    ///
    /// # Errors
    /// A token that is not ours or has ended, or keys that cannot be had.
    pub async fn verify(&self, token: &str) -> Result<Caller, AccessError> {
        let now = self.0.clock.now();
        let keys = self.0.keys.fresh(now).await?;
        // What was verified with the keys of before is verified again: one of them may have been taken back.
        let known = self.0.remembered.get(token);
        if let Some(known) = known.filter(|known| known.fetched == keys.fetched) {
            return ended(known.end, now).map(|()| known.caller);
        }
        if token.len() > MAX_TOKEN {
            return Err(AccessError::Invalid);
        }
        let (claims, keys) = self.0.check(token, keys, now).await?;
        ended(claims.exp, now)?;
        let caller = claims.caller().ok_or(AccessError::Invalid)?;
        let remembered = Remembered {
            caller: caller.clone(),
            end: claims.exp,
            fetched: keys.fetched,
        };
        self.0.remembered.insert(token.to_owned(), remembered);
        Ok(caller)
    }
}

fn ended(end: i64, now: Timestamp) -> Result<(), AccessError> {
    (now.as_second() < end)
        .then_some(())
        .ok_or(AccessError::Expired)
}

impl Inner {
    /// What the token says, if one of our keys signed it for us, and the keys that it was verified with.
    async fn check(
        &self,
        token: &str,
        keys: Keys,
        now: Timestamp,
    ) -> Result<(Claims, Keys), AccessError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| AccessError::Invalid)?;
        let id = header.kid.ok_or(AccessError::Invalid)?;
        if header.typ.as_deref() != Some(TYPE) {
            return Err(AccessError::Invalid);
        }
        let keys = if keys.by_id.contains_key(&id) {
            keys
        } else {
            // It may have been signed with a key that is newer than ours.
            self.keys.newest(now).await?
        };
        let key = keys.by_id.get(&id).ok_or(AccessError::Invalid)?;
        let token = jsonwebtoken::decode::<Claims>(token, key, &rules());
        let claims = token.map_err(|_| AccessError::Invalid)?.claims;
        Ok((claims, keys))
    }
}

fn rules() -> Validation {
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[AUDIENCE]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Its end is held against our own clock.
    rules.validate_exp = false;
    rules
}
