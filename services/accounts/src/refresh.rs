//! Refresh tokens. Each works once and brings the next. A second use means that two have it, of whom one stole it: since
//! nobody can tell which, the session ends for both (RFC 9700, section 4.14.2).
//!
//! A token is the session's id, a secret that all tokens of the session share, and a secret of its own. Of both only
//! digests are kept, the second of the newest token alone: a token with the right first secret and another second one
//! is one that was used before, however long ago, and whoever only knows a session's id can end nothing.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use pupila_core::SessionId;
use pupila_db::Dialect;
use serde_json::json;
use uuid::Uuid;

use crate::{
    Accounts, AccountsError,
    account::{self, State},
    audit::{self, Action},
    origin::Origin,
    secret::{Secret, same},
    session::{self, Tokens},
};

/// Tells people and scanners what it is.
const PREFIX: &str = "pupila-refresh_";
/// Bytes of an id and two secrets.
const LENGTH: usize = 16 + 32 + 32;

/// A refresh token.
#[derive(Debug, Clone)]
pub(crate) struct RefreshToken {
    pub(crate) session: SessionId,
    /// What all tokens of the session have in common.
    pub(crate) family: Secret,
    pub(crate) secret: Secret,
}

impl RefreshToken {
    /// The token as its owner is told it.
    pub(crate) fn to_text(&self) -> String {
        let mut bytes = [0; LENGTH];
        bytes[..16].copy_from_slice(self.session.as_uuid().as_bytes());
        bytes[16..48].copy_from_slice(self.family.as_bytes());
        bytes[48..].copy_from_slice(self.secret.as_bytes());
        format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    fn from_text(text: &str) -> Option<Self> {
        let encoded = text.strip_prefix(PREFIX)?;
        let mut bytes = [0; LENGTH];
        let length = BASE64_URL_SAFE_NO_PAD
            .decode_slice(encoded, &mut bytes)
            .ok()?;
        let (session, secrets) = bytes.split_first_chunk::<16>()?;
        let (family, secret) = secrets.split_first_chunk::<32>()?;
        (length == LENGTH).then_some(Self {
            session: SessionId::from_uuid(Uuid::from_bytes(*session)),
            family: Secret::from_bytes(*family),
            secret: Secret::from_bytes(*secret.first_chunk()?),
        })
    }

    /// The one that comes after it.
    fn next(&self) -> Result<Self, AccountsError> {
        Ok(Self {
            session: self.session,
            family: self.family.clone(),
            secret: Secret::generate()?,
        })
    }
}

impl<DB: Dialect> Accounts<DB> {
    /// Trades a refresh token for new tokens.
    ///
    /// # Errors
    /// `REFRESH_TOKEN_INVALID` where it is none, was used before, or its session or account has ended: which of them
    /// is not told.
    pub(crate) async fn refresh(
        &self,
        token: &str,
        origin: &Origin,
    ) -> Result<Tokens, AccountsError> {
        let used = RefreshToken::from_text(token).ok_or(AccountsError::WrongRefreshToken)?;
        let next = used.next()?;
        let end = origin.time + self.sessions.idle();
        let mut transaction = self.pools.transaction().await?;
        if !session::renew::<DB>(&mut transaction, &used, &next, origin.time, end).await? {
            self.end_if_reused(&mut transaction, &used, origin).await?;
            transaction.commit().await?;
            return Err(AccountsError::WrongRefreshToken);
        }
        let session = session::find::<DB>(&mut transaction, used.session, origin.time).await?;
        let (owner, _) = session.ok_or(AccountsError::WrongRefreshToken)?;
        let account = account::find::<DB>(&mut transaction, owner).await?;
        let account = account
            .map(|(account, _)| account)
            .filter(|account| account.state == State::Active)
            .ok_or(AccountsError::WrongRefreshToken)?;
        transaction.commit().await?;
        self.tokens(&account, &next, end).await
    }

    /// Ends the session of a token that was used before.
    async fn end_if_reused(
        &self,
        transaction: &mut DB::Connection,
        used: &RefreshToken,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        let session = session::find::<DB>(transaction, used.session, origin.time).await?;
        let Some((owner, family)) = session else {
            return Ok(());
        };
        if !same(&family, &used.family.digest()) {
            return Ok(());
        }
        session::delete::<DB>(transaction, owner, used.session).await?;
        let detail = json!({"user": owner});
        let (action, subject) = (Action::SessionReused, used.session);
        audit::record::<DB>(transaction, origin, action, subject, detail).await?;
        tracing::warn!(session = %used.session, "a refresh token was used twice; its session was ended");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_from_its_text() {
        let token = RefreshToken {
            session: SessionId::from_uuid(Uuid::from_u128(7)),
            family: Secret::generate().expect("randomness"),
            secret: Secret::generate().expect("randomness"),
        };
        let text = token.to_text();
        let back = RefreshToken::from_text(&text).expect("a token");
        assert_eq!(back.session, token.session);
        assert!(same(&back.family.digest(), &token.family.digest()));
        assert!(same(&back.secret.digest(), &token.secret.digest()));
        let huge = format!("{PREFIX}{}", "A".repeat(100_000));
        for text in ["", PREFIX, &text[1..], &text[..text.len() - 1], &huge] {
            assert!(RefreshToken::from_text(text).is_none(), "{text:.50}");
        }
    }
}
