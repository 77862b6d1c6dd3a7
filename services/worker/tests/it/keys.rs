//! The key that tokens are signed with.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pupila_core::{Caller, Clock as _, ManualClock};
use pupila_runtime::identity::{Claims, Guard, SigningKey, Verifier};

#[derive(Clone)]
pub(crate) struct Keys {
    key: SigningKey,
    pub(crate) clock: Arc<ManualClock>,
}

impl Keys {
    pub(crate) fn new() -> Self {
        let document = SigningKey::generate().expect("randomness");
        Self {
            key: SigningKey::from_pkcs8("1", &document).expect("a key"),
            clock: Arc::new(ManualClock::at(Timestamp::now())),
        }
    }

    pub(crate) fn guard(&self) -> Guard {
        let keys = vec![self.key.verification_key()];
        Guard::new(Verifier::new(keys, self.clock.clone()))
    }

    /// A token, and when it ends.
    pub(crate) fn token(&self, caller: &Caller, lifetime: SignedDuration) -> (String, Timestamp) {
        let now = self.clock.now();
        let claims = Claims::new(caller, now, now + lifetime).expect("somebody");
        (self.key.sign(&claims).expect("a token"), now + lifetime)
    }
}
