//! What administrators do with users.

use pupila_core::{Listing, Page, Revision, Role, UserId};
use pupila_db::Dialect;
use serde_json::json;

use crate::{
    Accounts, AccountsError,
    account::{self, Account, State},
    administrators,
    audit::{self, Action},
    origin::Origin,
    session,
};

/// What changes; the rest stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RightsChange {
    pub(crate) role: Option<Role>,
    pub(crate) blocked: Option<bool>,
}

impl<DB: Dialect> Accounts<DB> {
    /// A page of all users whose address or name begins with `query`, without regard to case, the newest first.
    pub(crate) async fn list_accounts(
        &self,
        query: &str,
        page: Page,
    ) -> Result<Listing<Account>, AccountsError> {
        let mut reader = self.pools.reader().await?;
        Ok(account::list::<DB>(&mut reader, &query.trim().to_lowercase(), page).await?)
    }

    /// One user.
    ///
    /// # Errors
    /// `USER_NOT_FOUND`.
    pub(crate) async fn find_account(&self, id: UserId) -> Result<Account, AccountsError> {
        let mut reader = self.pools.reader().await?;
        let found = account::find::<DB>(&mut reader, id).await?;
        found
            .map(|(account, _)| account)
            .ok_or(AccountsError::UserNotFound(id))
    }

    /// Changes what a user may do, or blocks them, which ends their sessions. Tokens that they hold end by themselves.
    ///
    /// # Errors
    /// `ADMIN_ONLY`, `USER_NOT_FOUND`, `REVISION_MISMATCH`, `LAST_ADMINISTRATOR`; `USER_DELETING` and `LOCAL_USER` for those who do
    /// not change any more or never do.
    pub(crate) async fn update_rights(
        &self,
        id: UserId,
        change: RightsChange,
        expected: Option<Revision>,
        origin: &Origin,
    ) -> Result<Account, AccountsError> {
        let mut transaction = self.pools.transaction().await?;
        account::hold_administrator::<DB>(&mut transaction, origin, Some(id)).await?;
        let held = account::hold::<DB>(&mut transaction, id, expected, origin.time).await?;
        let found = account::find::<DB>(&mut transaction, id).await?;
        let (before, _) = found.ok_or(AccountsError::UserNotFound(id))?;
        if !held {
            return Err(AccountsError::RevisionMismatch);
        }
        let after = change.apply(&before)?;
        let (was, will_be) = (before.administers(), after.administers());
        administrators::recount::<DB>(&mut transaction, was, will_be).await?;
        account::set_rights::<DB>(&mut transaction, &after).await?;
        if after.state == State::Blocked {
            session::delete_all::<DB>(&mut transaction, id).await?;
        }
        for (action, detail) in differences(&before, &after) {
            audit::record::<DB>(&mut transaction, origin, action, id, detail).await?;
        }
        transaction.commit().await?;
        Ok(after)
    }
}

impl RightsChange {
    fn apply(self, account: &Account) -> Result<Account, AccountsError> {
        if account.id == UserId::LOCAL {
            return Err(AccountsError::LocalUser);
        }
        if account.state == State::Deleting {
            return Err(AccountsError::Deleting);
        }
        let state = match self.blocked {
            Some(true) => State::Blocked,
            Some(false) => State::Active,
            None => account.state,
        };
        Ok(Account {
            role: self.role.unwrap_or(account.role),
            state,
            ..account.clone()
        })
    }
}

/// What the record tells of a change.
fn differences(before: &Account, after: &Account) -> Vec<(Action, serde_json::Value)> {
    let mut found = Vec::new();
    if before.role != after.role {
        let detail = json!({"before": before.role, "after": after.role});
        found.push((Action::UserRoleChanged, detail));
    }
    if before.state != after.state {
        let action = match after.state {
            State::Blocked => Action::UserBlocked,
            _ => Action::UserUnblocked,
        };
        found.push((action, json!({})));
    }
    found
}
