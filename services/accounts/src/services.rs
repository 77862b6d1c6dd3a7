//! The services of ours that may ask for tokens of their own, and their secrets.

use std::{collections::BTreeMap, io};

use pupila_core::{Caller, Digest};
use pupila_db::Dialect;
use pupila_runtime::identity::SecretConfig;
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::{
    Accounts, AccountsError,
    audit::{self, Action},
    keys::AccessToken,
    origin::Origin,
    secret::same,
};

/// Fewest bytes of a service's secret: 128 bits in hexadecimal.
const MIN_SECRET: usize = 32;
/// Most characters that the record shows of a name which is no service's.
const SHOWN: usize = 64;

/// Knows services by name and secret. Keeps digests, which all have one length, so that comparing them tells nothing.
pub(crate) struct Services(BTreeMap<String, Digest>);

/// A service's secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file that it is in cannot be read.
    #[error("the secret cannot be read")]
    Unreadable(#[from] io::Error),
    /// It is empty or could be guessed.
    #[error("the secret must have at least {MIN_SECRET} characters")]
    Short,
}

impl Services {
    /// Reads the secrets.
    ///
    /// # Errors
    /// One that cannot be used.
    pub(crate) fn read(config: &BTreeMap<String, SecretConfig>) -> Result<Self, SecretError> {
        let services = config
            .iter()
            .map(|(name, secret)| Ok((name.clone(), digest(secret)?)));
        services.collect::<Result<_, _>>().map(Self)
    }

    /// Whether there is a service of that name with that secret.
    pub(crate) fn knows(&self, name: &str, secret: &str) -> bool {
        let given = Digest::of(secret.as_bytes());
        self.0.get(name).is_some_and(|known| same(known, &given))
    }
}

/// The digest of a service's secret.
///
/// # Errors
/// It cannot be used.
pub(crate) fn digest(secret: &SecretConfig) -> Result<Digest, SecretError> {
    let secret = secret.read()?;
    secret
        .filter(|secret| secret.expose_secret().len() >= MIN_SECRET)
        .map(|secret| Digest::of(secret.expose_secret().as_bytes()))
        .ok_or(SecretError::Short)
}

impl<DB: Dialect> Accounts<DB> {
    /// A token of the service `name`.
    ///
    /// # Errors
    /// `SERVICE_UNKNOWN` where there is no such service or it has another secret; `TOO_MANY_ATTEMPTS`.
    pub(crate) async fn sign_in_service(
        &self,
        name: &str,
        secret: &str,
        origin: &Origin,
    ) -> Result<AccessToken, AccountsError> {
        let visit = self.throttle.visit(origin).await?;
        if !self.services.knows(name, secret) {
            let printable = name.chars().filter(|character| !character.is_control());
            let subject: String = printable.take(SHOWN).collect();
            let refused = Action::ServiceRefused;
            let mut writer = self.pools.writer().await?;
            audit::record::<DB>(&mut writer, origin, refused, subject, json!({})).await?;
            return Err(AccountsError::UnknownService);
        }
        self.throttle.welcome(visit).await?;
        self.keys.sign(&Caller::Service(name.to_owned())).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(secret: &str) -> Result<Services, SecretError> {
        let secret = SecretConfig {
            value: Some(secret.into()),
            file: None,
        };
        Services::read(&BTreeMap::from([("images".to_owned(), secret)]))
    }

    #[test]
    fn a_service_is_known_by_its_own_secret_alone() {
        let secret = "0123456789abcdef0123456789abcdef";
        let services = read(secret).expect("long enough");
        assert!(services.knows("images", secret));
        assert!(!services.knows("images", &secret[1..]));
        assert!(!services.knows("images", ""));
        assert!(!services.knows("history", secret));
    }

    #[test]
    fn a_secret_that_could_be_guessed_is_refused() {
        assert!(matches!(read("hunter2"), Err(SecretError::Short)));
        assert!(matches!(read(""), Err(SecretError::Short)));
        let absent = SecretConfig {
            value: None,
            file: Some("absent".into()),
        };
        let services = Services::read(&BTreeMap::from([("images".to_owned(), absent)]));
        assert!(matches!(services, Err(SecretError::Unreadable(_))));
    }
}
