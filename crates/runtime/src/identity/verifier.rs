//! Verifying tokens.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use pupila_core::{Caller, Clock};
use tokio::sync::Mutex;

use super::{AUDIENCE, AccessError, Claims, ISSUER, KeySource, signing::TYPE};

/// Longer texts are no tokens of ours, in bytes.
const MAX_TOKEN: usize = 4096;
/// Tokens whose signature need not be checked again. One is about a kilobyte.
const REMEMBERED: u64 = 10_000;
/// How old the keys may get: a key that was taken back is trusted this long at most.
const MAX_AGE: Duration = Duration::from_secs(300);
/// How often a key that nobody knows may make us ask for the keys: anyone can make up key ids.
const MIN_AGE: Duration = Duration::from_secs(5);

/// Verifies access tokens. Its clones share keys and memory.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    source: Box<dyn KeySource>,
    clock: Arc<dyn Clock>,
    keys: RwLock<Keys>,
    /// Held by the one who asks for the keys, so that the others wait for the answer and do not ask too.
    asking: Mutex<()>,
    remembered: moka::sync::Cache<String, Remembered>,
}

#[derive(Clone, Default)]
struct Keys {
    by_id: Arc<HashMap<String, DecodingKey>>,
    fetched: Option<Timestamp>,
}

#[derive(Clone)]
struct Remembered {
    caller: Caller,
    end: i64,
    fetched: Option<Timestamp>,
}

impl Verifier {
    /// Trusts the keys of `source`.
    pub fn new(source: impl KeySource + 'static, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            source: Box::new(source),
            clock,
            keys: RwLock::default(),
            asking: Mutex::default(),
            remembered: moka::sync::Cache::new(REMEMBERED),
        }))
    }

    /// Whom a token speaks for.
    ///
    /// # Errors
    /// A token that is not ours or has ended, or keys that cannot be had.
    pub async fn verify(&self, token: &str) -> Result<Caller, AccessError> {
        let now = self.0.clock.now();
        let keys = self.0.fresh_keys(now).await?;
        // What was verified with the keys of before is verified again: one of them may have been taken back.
        let known = self.0.remembered.get(token);
        if let Some(known) = known.filter(|known| known.fetched == keys.fetched) {
            return ended(known.end, now).map(|()| known.caller);
        }
        if token.len() > MAX_TOKEN {
            return Err(AccessError::Invalid);
        }
        let claims = self.0.check(token, keys, now).await?;
        ended(claims.exp, now)?;
        let caller = claims.caller().ok_or(AccessError::Invalid)?;
        let remembered = Remembered {
            caller: caller.clone(),
            end: claims.exp,
            fetched: self.0.current().fetched,
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
    fn current(&self) -> Keys {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The keys; asked for again when they are old. Old ones are better than none while the source is away.
    async fn fresh_keys(&self, now: Timestamp) -> Result<Keys, AccessError> {
        let keys = self.current();
        if is_younger(&keys, now, MAX_AGE) {
            return Ok(keys);
        }
        match self.ask(now, MAX_AGE).await {
            Ok(keys) => Ok(keys),
            Err(_) if keys.fetched.is_some() => Ok(keys),
            Err(error) => Err(error),
        }
    }

    /// Asks for the keys, unless somebody else just did.
    async fn ask(&self, now: Timestamp, age: Duration) -> Result<Keys, AccessError> {
        let _asking = self.asking.lock().await;
        let keys = self.current();
        if is_younger(&keys, now, age) {
            return Ok(keys);
        }
        let fetched = self.source.keys().await.map_err(AccessError::Keys)?;
        let by_id = fetched
            .into_iter()
            .map(|key| (key.id, DecodingKey::from_ed_der(&key.public_key)))
            .collect();
        let keys = Keys {
            by_id: Arc::new(by_id),
            fetched: Some(now),
        };
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys.clone();
        Ok(keys)
    }

    /// What the token says, if one of our keys signed it for us.
    async fn check(&self, token: &str, keys: Keys, now: Timestamp) -> Result<Claims, AccessError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| AccessError::Invalid)?;
        let id = header.kid.ok_or(AccessError::Invalid)?;
        if header.typ.as_deref() != Some(TYPE) {
            return Err(AccessError::Invalid);
        }
        let keys = if keys.by_id.contains_key(&id) {
            keys
        } else {
            // It may have been signed with a key that is newer than ours.
            self.ask(now, MIN_AGE).await?
        };
        let key = keys.by_id.get(&id).ok_or(AccessError::Invalid)?;
        let token = jsonwebtoken::decode::<Claims>(token, key, &rules());
        token
            .map(|token| token.claims)
            .map_err(|_| AccessError::Invalid)
    }
}

fn is_younger(keys: &Keys, now: Timestamp, age: Duration) -> bool {
    let age = age.as_secs() as i64;
    keys.fetched
        .is_some_and(|fetched| now.as_second() - fetched.as_second() < age)
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
