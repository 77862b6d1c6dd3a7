//! The keys that access tokens are signed with. They are in the database, so that every replica signs with the same,
//! and change from time to time. Life cycle of a key: made and listed, signing after all services have seen it, listed
//! until the last of its tokens has ended, deleted.

mod ring;
mod row;

use std::{
    error::Error,
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pupila_core::{Caller, Clock, User};
use pupila_db::{Dialect, Pools};
use pupila_runtime::identity::{Claims, InvalidKey, KeySource, SigningKey, VerificationKey};
use uuid::Uuid;

use crate::{AccountsError, config::TokensConfig};
use ring::Ring;
use row::StoredKey;

/// How old the keys in memory may be before they are read again. Together with the five minutes that services go on
/// without asking for them it is less than the ten that a new key is listed before it signs.
const MAX_AGE: SignedDuration = SignedDuration::from_mins(1);
/// The longest that a service may speak for a user without asking again.
const ACTING: SignedDuration = SignedDuration::from_mins(5);

/// Signs access tokens.
pub(crate) struct Keys<DB: Dialect> {
    pools: Pools<DB>,
    clock: Arc<dyn Clock>,
    config: TokensConfig,
    ring: RwLock<Arc<Ring>>,
}

/// A signed access token.
#[derive(Clone)]
pub(crate) struct AccessToken {
    pub(crate) token: String,
    /// When it ends.
    pub(crate) end: Timestamp,
}

impl<DB: Dialect> Keys<DB> {
    /// The keys in the database; the first is made where there is none.
    ///
    /// # Errors
    /// The database is away, or holds what is no key.
    pub(crate) async fn open(
        pools: Pools<DB>,
        clock: Arc<dyn Clock>,
        config: TokensConfig,
    ) -> Result<Self, AccountsError> {
        let keys = Self {
            pools,
            clock,
            config,
            ring: RwLock::default(),
        };
        keys.rotate().await?;
        Ok(keys)
    }

    /// A token for `caller`.
    ///
    /// # Errors
    /// There is nobody to sign for, or no key to sign with.
    pub(crate) async fn sign(&self, caller: &Caller) -> Result<AccessToken, AccountsError> {
        let now = self.clock.now();
        let end = now + self.config.lifetime();
        let claims = Claims::new(caller, now, end).ok_or_else(|| broken(InvalidKey))?;
        self.sign_claims(&claims, now).await
    }

    /// A token for the service `actor` that speaks for `user`. It holds for minutes, however long the users' own do.
    ///
    /// # Errors
    /// There is no key to sign with.
    pub(crate) async fn sign_acting(
        &self,
        user: User,
        actor: &str,
    ) -> Result<AccessToken, AccountsError> {
        let now = self.clock.now();
        let end = now + self.config.lifetime().min(ACTING);
        let claims =
            Claims::new(&Caller::User(user), now, end).ok_or_else(|| broken(InvalidKey))?;
        self.sign_claims(&claims.used_by(actor), now).await
    }

    async fn sign_claims(
        &self,
        claims: &Claims,
        now: Timestamp,
    ) -> Result<AccessToken, AccountsError> {
        let ring = self.fresh(now).await?;
        let key = ring.signer(now).ok_or_else(|| broken(InvalidKey))?;
        let token = key.key.sign(claims).map_err(broken)?;
        // A token tells its end in whole seconds.
        let end = Timestamp::from_second(claims.exp).unwrap_or(now);
        Ok(AccessToken { token, end })
    }

    /// The public halves of all keys that a valid token may be signed with now.
    ///
    /// # Errors
    /// The database is away.
    pub(crate) async fn listed(&self) -> Result<Vec<VerificationKey>, AccountsError> {
        let now = self.clock.now();
        Ok(self.fresh(now).await?.listed(now))
    }

    /// Makes the next key where it is time for one, and deletes those that nobody needs. Any replica may do so at any
    /// time: of several one makes the key.
    ///
    /// # Errors
    /// The database is away, or the system has no randomness.
    pub(crate) async fn rotate(&self) -> Result<(), AccountsError> {
        let now = self.clock.now();
        let mut ring = self.read().await?;
        if let Some((number, activate_time)) = ring.due(now, self.config.rotation()) {
            let id = Uuid::new_v4();
            let document = SigningKey::generate().map_err(broken)?;
            let mut writer = self.pools.writer().await?;
            let insert = row::insert::<DB>(number, id, document, now, activate_time);
            match insert.execute(&mut writer).await {
                // Another replica made it.
                Err(error) if error.is_unique_violation() => {}
                other => {
                    other?;
                    tracing::info!(key = %id, %activate_time, "a new key will sign access tokens");
                }
            }
            drop(writer);
            ring = self.read().await?;
        }
        if let Some(number) = ring.first_needed(now) {
            let mut writer = self.pools.writer().await?;
            row::delete_before::<DB>(number)
                .execute(&mut writer)
                .await?;
        }
        self.keep(ring);
        Ok(())
    }

    async fn fresh(&self, now: Timestamp) -> Result<Arc<Ring>, AccountsError> {
        let ring = Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner));
        if ring
            .read_time()
            .is_some_and(|read| now.duration_since(read) < MAX_AGE)
        {
            return Ok(ring);
        }
        Ok(self.keep(self.read().await?))
    }

    async fn read(&self) -> Result<Ring, AccountsError> {
        let now = self.clock.now();
        // The writer's: on a server with replicas the reader may not know the newest yet.
        let mut writer = self.pools.writer().await?;
        let rows = row::select::<DB>().fetch_all(&mut writer).await?;
        let keys = rows.iter().map(StoredKey::read).collect::<Result<_, _>>()?;
        Ok(Ring::new(keys, now))
    }

    fn keep(&self, ring: Ring) -> Arc<Ring> {
        let ring = Arc::new(ring);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&ring);
        ring
    }
}

#[async_trait]
impl<DB: Dialect> KeySource for Keys<DB> {
    async fn keys(&self) -> Result<Vec<VerificationKey>, Box<dyn Error + Send + Sync>> {
        Ok(self.listed().await?)
    }
}

fn broken(error: InvalidKey) -> AccountsError {
    AccountsError::Broken(Box::new(error))
}
