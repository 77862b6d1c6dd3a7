//! Passwords: hashed with Argon2id (RFC 9106), on few cores at a time, and at the same cost whether there is an account.

mod pool;
mod rules;

use std::sync::Arc;

use argon2::{
    Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _,
    password_hash::Error as HashError,
};

use crate::{AccountsError, config::PasswordsConfig, secret::Secret};
use pool::{Pool, Slot};

pub(crate) use rules::{MAX, check};

/// Hashes and verifies passwords. Its clones share the pool.
#[derive(Clone)]
pub(crate) struct Passwords(Arc<Inner>);

struct Inner {
    pool: Pool,
    argon2: Argon2<'static>,
    /// The hash of a password that nobody knows, for those who have none.
    decoy: String,
}

/// A place in the queue for the cores. Taken before an attempt is counted or anything looked up, so that a full queue
/// costs nobody anything.
pub(crate) struct Place {
    passwords: Arc<Inner>,
    slot: Slot,
}

/// What came of comparing a password with a hash.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is another password, or there is none.
    Wrong,
    /// It is the password. Where the hash was made with other parameters than today's, with the one to keep instead.
    Right { renewed: Option<String> },
}

impl Passwords {
    /// Hashes with the parameters of `config`.
    ///
    /// # Errors
    /// Parameters that Argon2 does not take, or a system without randomness.
    pub(crate) fn new(config: &PasswordsConfig) -> Result<Self, AccountsError> {
        let params = config.params().map_err(HashError::from).map_err(broken)?;
        let argon2 = Argon2::from(params);
        let unknown = Secret::generate()?;
        let decoy = hash(&argon2, unknown.as_bytes())?;
        Ok(Self(Arc::new(Inner {
            pool: Pool::new(config.workers, config.queue),
            argon2,
            decoy,
        })))
    }

    /// A place in the queue.
    ///
    /// # Errors
    /// `PASSWORD_QUEUE_FULL` at once where all are taken.
    pub(crate) fn place(&self) -> Result<Place, AccountsError> {
        Ok(Place {
            passwords: Arc::clone(&self.0),
            slot: self.0.pool.slot()?,
        })
    }
}

impl Place {
    /// The hash of a password, in PHC form, with a salt of its own.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, AccountsError> {
        let passwords = Arc::clone(&self.passwords);
        let password = password.to_owned();
        self.slot
            .run(move || hash(&passwords.argon2, password.as_bytes()))
            .await?
    }

    /// Compares a password with a hash in PHC form. Takes as long where there is no hash, but for those which were made
    /// with other parameters than today's: they can be told by the time until their owners sign in.
    pub(crate) async fn verify(
        &self,
        password: &str,
        hash: Option<&str>,
    ) -> Result<Verdict, AccountsError> {
        let passwords = Arc::clone(&self.passwords);
        let password = password.to_owned();
        let hash = hash.map(str::to_owned);
        self.slot
            .run(move || passwords.verify(password.as_bytes(), hash.as_deref()))
            .await?
    }
}

impl Inner {
    fn verify(&self, password: &[u8], hash: Option<&str>) -> Result<Verdict, AccountsError> {
        let known = PasswordHash::new(hash.unwrap_or(&self.decoy))
            .map_err(HashError::from)
            .map_err(broken)?;
        match self.argon2.verify_password(password, &known) {
            Ok(()) if hash.is_some() => Ok(Verdict::Right {
                renewed: self.renew(password, &known)?,
            }),
            Ok(()) | Err(HashError::PasswordInvalid) => Ok(Verdict::Wrong),
            Err(error) => Err(broken(error)),
        }
    }

    /// A new hash where `known` was made with other parameters than today's.
    fn renew(
        &self,
        password: &[u8],
        known: &PasswordHash,
    ) -> Result<Option<String>, AccountsError> {
        let params = Params::try_from(known).map_err(broken)?;
        let today = self.argon2.params();
        let is_current = (params.m_cost(), params.t_cost(), params.p_cost())
            == (today.m_cost(), today.t_cost(), today.p_cost());
        if is_current {
            return Ok(None);
        }
        hash(&self.argon2, password).map(Some)
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, AccountsError> {
    let hash: PasswordHash = argon2.hash_password(password).map_err(broken)?;
    Ok(hash.to_string())
}

fn broken(error: HashError) -> AccountsError {
    AccountsError::Broken(Box::new(error))
}
