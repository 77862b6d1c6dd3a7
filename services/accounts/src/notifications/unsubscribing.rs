//! Ending e-mails by the link in one of them, without signing in. The token of the link is the user's id and a code
//! over it that only we can make. It does not end: an e-mail may be read years later. What it ends does not begin again:
//! the reader of an address need not be who registered it.

use aws_lc_rs::hmac;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use pupila_core::UserId;
use pupila_db::{Dialect, Pools};
use uuid::Uuid;

use super::{
    NotificationError, Notifications,
    kept_key::{Purpose, kept},
    settings,
};
use crate::{
    AccountsError,
    account::{self, Language},
    secret::Secret,
};

/// Bytes of an id and an HMAC-SHA-256.
const LENGTH: usize = 16 + 32;
/// What a code is about, so that it says nothing of any other way that users are told.
const CONTEXT: &[u8] = b"unsubscribe email ";

/// Makes and knows tokens.
pub(super) struct UnsubscribeKey(hmac::Key);

impl UnsubscribeKey {
    /// The key in the database, which is made where there is none.
    ///
    /// # Errors
    /// The database is away, or the system has no randomness.
    pub(super) async fn open<DB: Dialect>(
        pools: &Pools<DB>,
        now: Timestamp,
    ) -> Result<Self, AccountsError> {
        let make = || Secret::generate().map(|secret| secret.as_bytes().to_vec());
        let key = kept(pools, Purpose::Unsubscribe, now, make).await?;
        Ok(Self::new(&key))
    }

    fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The token of a user.
    pub(super) fn token(&self, user: UserId) -> String {
        let code = hmac::sign(&self.0, &subject(user));
        let token = [user.as_uuid().as_bytes(), code.as_ref()].concat();
        BASE64_URL_SAFE_NO_PAD.encode(token)
    }

    /// The user whose token it is; `None` where we did not make it.
    fn user(&self, token: &str) -> Option<UserId> {
        // Decodes nothing that is too long to be one.
        let mut bytes = [0; LENGTH];
        let length = BASE64_URL_SAFE_NO_PAD
            .decode_slice(token, &mut bytes)
            .ok()?;
        let (id, code) = bytes.split_first_chunk::<16>()?;
        let user = UserId::from_uuid(Uuid::from_bytes(*id));
        let ours = hmac::verify(&self.0, &subject(user), code).is_ok();
        (length == LENGTH && ours).then_some(user)
    }
}

fn subject(user: UserId) -> Vec<u8> {
    [CONTEXT, user.as_uuid().as_bytes()].concat()
}

impl<DB: Dialect> Notifications<DB> {
    /// Ends the e-mails to the user of a token for good, and tells their language. Nothing happens to who is gone.
    ///
    /// # Errors
    /// `UNSUBSCRIBE_TOKEN_UNKNOWN`.
    pub(super) async fn unsubscribe(&self, token: &str) -> Result<Language, NotificationError> {
        let user = self.unsubscribe_key.user(token);
        let user = user.ok_or(NotificationError::UnknownToken)?;
        let mut writer = self.accounts.pools.writer().await?;
        settings::stop_emails::<DB>(&mut writer, user).await?;
        let account = account::find::<DB>(&mut writer, user).await?;
        Ok(account.map_or_else(Language::default, |(account, _)| account.language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_tokens_are_known() {
        let key = UnsubscribeKey::new(&[7; 32]);
        let ana = UserId::from_uuid(Uuid::from_u128(7));
        let token = key.token(ana);
        assert_eq!(token.len(), 64);
        assert_eq!(key.user(&token), Some(ana));
        assert_eq!(key.token(ana), token, "the same in every e-mail");

        let luis = UserId::from_uuid(Uuid::from_u128(8));
        let swapped = format!("{}{}", &key.token(luis)[..22], &token[22..]);
        let stranger = UnsubscribeKey::new(&[8; 32]).token(ana);
        let huge = "A".repeat(100_000);
        for text in [
            "",
            "ñ",
            &token[1..],
            &token[..63],
            &swapped,
            &stranger,
            &huge,
        ] {
            assert_eq!(key.user(text), None, "{text:.80}");
        }
    }
}
