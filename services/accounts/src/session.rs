//! Sessions: signed in once, on one device. Life cycle: begun, refreshed many times, then ended or expired. One that has
//! ended is deleted.

mod row;

use jiff::{SignedDuration, Timestamp};
use pupila_core::{Caller, Cursor, Listing, Page, SessionId, User, UserId};
use pupila_db::Dialect;
use serde_json::json;

use crate::{
    Accounts, AccountsError,
    account::{self, Account, scopes_of},
    audit::{self, Action},
    keys::AccessToken,
    origin::Origin,
    refresh::RefreshToken,
    secret::Secret,
};

pub(crate) use row::{
    delete, delete_all, delete_beyond, delete_others, find, insert, renew, sweep,
};

/// Most sessions of a user. Whoever begins one more ends the oldest.
pub(crate) const MOST: u32 = 100;
/// Most characters of what a device says of itself.
const USER_AGENT: usize = 300;

/// A session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) create_time: Timestamp,
    /// When it was refreshed last.
    pub(crate) last_use_time: Timestamp,
    /// When it ends unless it is refreshed.
    pub(crate) expire_time: Timestamp,
    /// The device's User-Agent header.
    pub(crate) user_agent: String,
    /// The network address that it was begun from; may be empty.
    pub(crate) address: String,
}

/// A session that begins.
pub(crate) struct NewSession {
    pub(crate) session: Session,
    pub(crate) user: UserId,
    pub(crate) token: RefreshToken,
}

/// What a session hands out.
pub(crate) struct Tokens {
    pub(crate) access: AccessToken,
    pub(crate) refresh: String,
    /// When the refresh token ends.
    pub(crate) refresh_end: Timestamp,
    pub(crate) session: SessionId,
}

impl NewSession {
    /// A session of the owner of `account`, on a device that calls itself `user_agent`.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn new(
        account: &Account,
        user_agent: &str,
        idle: SignedDuration,
        origin: &Origin,
    ) -> Result<Self, AccountsError> {
        let id = SessionId::new(origin.time);
        let address = origin.address.map(|address| address.to_string());
        let session = Session {
            id,
            create_time: origin.time,
            last_use_time: origin.time,
            expire_time: origin.time + idle,
            user_agent: device_name(user_agent),
            address: address.unwrap_or_default(),
        };
        let token = RefreshToken {
            session: id,
            family: Secret::generate()?,
            secret: Secret::generate()?,
        };
        Ok(Self {
            session,
            user: account.id,
            token,
        })
    }
}

/// What is kept of what a device calls itself.
pub(crate) fn device_name(user_agent: &str) -> String {
    let printable = user_agent
        .chars()
        .filter(|character| !character.is_control());
    printable.take(USER_AGENT).collect()
}

impl Session {
    /// Its place in a list.
    fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }
}

/// Keeps everybody else from changing the caller's account until the transaction ends, where it is active and their
/// session has not ended. For what outlives both: a token may have been stolen, and be older than what put it out.
///
/// # Errors
/// `ACCOUNT_ENDED`, `SESSION_ENDED`.
pub(crate) async fn hold_caller<DB: Dialect>(
    transaction: &mut DB::Connection,
    caller: &User,
    now: Timestamp,
) -> Result<(), AccountsError> {
    account::hold_active::<DB>(transaction, caller.id).await?;
    // Neither the local user nor an API key has one.
    let Some(id) = caller.session else {
        return Ok(());
    };
    match row::hold::<DB>(transaction, caller.id, id, now).await? {
        true => Ok(()),
        false => Err(AccountsError::SessionEnded),
    }
}

impl<DB: Dialect> Accounts<DB> {
    /// The sessions of a user that have not ended, the newest first.
    pub(crate) async fn list_sessions(
        &self,
        user: UserId,
        page: Page,
    ) -> Result<Listing<Session>, AccountsError> {
        let mut reader = self.pools.reader().await?;
        let now = self.clock.now();
        let sessions = row::list::<DB>(&mut reader, user, page, now).await?;
        Ok(page.cut(sessions, Session::cursor))
    }

    /// Ends a session of the caller's.
    ///
    /// # Errors
    /// `SESSION_NOT_FOUND` where it has ended or is somebody else's.
    pub(crate) async fn revoke_session(
        &self,
        caller: &User,
        id: SessionId,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        if self
            .end_session(caller, id, Action::SessionRevoked, origin)
            .await?
        {
            Ok(())
        } else {
            Err(AccountsError::SessionNotFound(id))
        }
    }

    /// Ends the session that the caller's token belongs to, where it belongs to one that has not ended.
    pub(crate) async fn sign_out(
        &self,
        caller: &User,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        if let Some(id) = caller.session {
            self.end_session(caller, id, Action::SessionSignedOut, origin)
                .await?;
        }
        Ok(())
    }

    async fn end_session(
        &self,
        caller: &User,
        id: SessionId,
        action: Action,
        origin: &Origin,
    ) -> Result<bool, AccountsError> {
        let mut transaction = self.pools.transaction().await?;
        // Whoever subscribes holds it too, before their session and what they subscribe to.
        account::hold_any::<DB>(&mut transaction, caller.id).await?;
        let ended = row::delete::<DB>(&mut transaction, caller.id, id).await?;
        if ended {
            audit::record::<DB>(&mut transaction, origin, action, id, json!({})).await?;
            transaction.commit().await?;
        }
        Ok(ended)
    }

    /// The tokens of a session as it is now.
    pub(crate) async fn tokens(
        &self,
        account: &Account,
        refresh: &RefreshToken,
        refresh_end: Timestamp,
    ) -> Result<Tokens, AccountsError> {
        let user = User {
            id: account.id,
            role: account.role,
            scopes: scopes_of(account.role),
            session: Some(refresh.session),
        };
        Ok(Tokens {
            access: self.keys.sign(&Caller::User(user)).await?,
            refresh: refresh.to_text(),
            refresh_end,
            session: refresh.session,
        })
    }
}
