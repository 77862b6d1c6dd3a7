//! An account: a user, as accounts keeps them.

mod row;

use std::str::FromStr;

use jiff::Timestamp;
use pupila_core::{Cursor, Revision, Role, Scope, Scopes, UserId};
use pupila_db::Dialect;

use crate::{AccountsError, origin::Origin};

pub(crate) use row::{
    by_email, delete, empty, find, hold, hold_any, insert, list, set_profile, set_rights, unlock,
};

/// A user. Life cycle: active, perhaps blocked and back, then deleting until nothing of theirs is left anywhere.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Account {
    pub(crate) id: UserId,
    /// In lower case. `None` for the local user and for those who are being deleted.
    pub(crate) email: Option<String>,
    /// The name that others see.
    pub(crate) display_name: String,
    pub(crate) language: Language,
    pub(crate) role: Role,
    pub(crate) state: State,
    pub(crate) create_time: Timestamp,
    pub(crate) update_time: Timestamp,
    /// Counts the changes.
    pub(crate) revision: Revision,
}

/// Where in their life a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// May sign in.
    Active,
    /// May not; an administrator decided so.
    Blocked,
    /// On the way out.
    Deleting,
}

/// Language of the messages to a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Spanish,
}

/// A word that is none of those which a column or a field may hold.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be one of {0}")]
pub(crate) struct UnknownWord(pub(crate) &'static str);

impl Account {
    /// Its place in a list.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }

    /// Whether it is one of the administrators of which one must remain.
    pub(crate) fn administers(&self) -> bool {
        self.role == Role::Admin && self.state == State::Active && self.id != UserId::LOCAL
    }
}

/// The active account of the caller, and the hash of its password, where it has one.
///
/// # Errors
/// `ACCOUNT_ENDED` where it is blocked or on the way out: its access tokens may hold a few minutes longer.
pub(crate) async fn active<DB: Dialect>(
    connection: &mut DB::Connection,
    id: UserId,
) -> Result<(Account, Option<String>), AccountsError> {
    let found = row::find::<DB>(connection, id).await?;
    found
        .filter(|(account, _)| account.state == State::Active)
        .ok_or(AccountsError::AccountEnded)
}

/// Keeps everybody else from changing the caller's account until the transaction ends.
///
/// # Errors
/// `ACCOUNT_ENDED` where it is blocked or on the way out.
pub(crate) async fn hold_active<DB: Dialect>(
    transaction: &mut DB::Connection,
    id: UserId,
) -> Result<(), AccountsError> {
    if row::hold_active::<DB>(transaction, id).await? {
        Ok(())
    } else {
        Err(AccountsError::AccountEnded)
    }
}

/// Keeps everybody else from changing the account of who acts as an administrator until the transaction ends, also
/// that of the `subject` that they are about to change. Their token may be older than the loss of their rights.
///
/// # Errors
/// `ADMIN_ONLY` where they administer no more.
pub(crate) async fn hold_administrator<DB: Dialect>(
    transaction: &mut DB::Connection,
    origin: &Origin,
    subject: Option<UserId>,
) -> Result<(), AccountsError> {
    let actor = origin.actor.ok_or(AccountsError::AdminOnly)?;
    // Two who change each other hold both accounts in the same order: neither waits for the other for ever.
    if let Some(subject) = subject.filter(|subject| *subject < actor) {
        row::hold_any::<DB>(transaction, subject).await?;
    }
    if actor == UserId::LOCAL || row::hold_administrator::<DB>(transaction, actor).await? {
        Ok(())
    } else {
        Err(AccountsError::AdminOnly)
    }
}

/// All that somebody of that role may do.
pub(crate) fn scopes_of(role: Role) -> Scopes {
    let all = Scope::ALL.into_iter();
    all.filter(|scope| *scope != Scope::Admin || role == Role::Admin)
        .collect()
}

impl State {
    /// As its column says it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Deleting => "deleting",
        }
    }
}

impl FromStr for State {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Active, Self::Blocked, Self::Deleting]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(UnknownWord("active, blocked, deleting"))
    }
}

impl Language {
    /// Its code (ISO 639).
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }
}

impl FromStr for Language {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::English, Self::Spanish]
            .into_iter()
            .find(|language| language.as_str() == text)
            .ok_or(UnknownWord("en, es"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_administrators_may_administer() {
        assert!(scopes_of(Role::Admin).contain(Scope::Admin));
        assert!(!scopes_of(Role::User).contain(Scope::Admin));
        assert_eq!(scopes_of(Role::User).iter().count(), Scope::ALL.len() - 1);
    }
}
