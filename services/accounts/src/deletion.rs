//! Deleting users. It is decided in one transaction, after which nobody can be them any more; what they own goes in the
//! background (see [`crate::erasure`]).

use pupila_core::UserId;
use pupila_db::Dialect;
use serde_json::json;

use crate::{
    Accounts, AccountsError,
    account::{self, State},
    administrators, api_key,
    audit::{self, Action},
    erasure, notifications,
    origin::Origin,
    session,
};

impl<DB: Dialect> Accounts<DB> {
    /// Deletes the caller, who knows their password.
    ///
    /// # Errors
    /// `PASSWORD_WRONG`, `LAST_ADMINISTRATOR`, `LOCAL_USER`, or too many attempts.
    pub(crate) async fn delete_me(
        &self,
        caller: UserId,
        password: &str,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        let proof = self.prove(caller, password, origin).await?;
        let mut transaction = self.pools.transaction().await?;
        proof.hold::<DB>(&mut transaction, caller, None).await?;
        self.decide(&mut transaction, caller, origin).await?;
        transaction.commit().await?;
        self.deletions.notify_waiters();
        Ok(())
    }

    /// Deletes a user, on behalf of an administrator. Nothing happens to one who is on the way out already.
    ///
    /// # Errors
    /// `ADMIN_ONLY`, `USER_NOT_FOUND`, `LAST_ADMINISTRATOR`, `LOCAL_USER`.
    pub(crate) async fn delete_account(
        &self,
        id: UserId,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        let mut transaction = self.pools.transaction().await?;
        account::hold_administrator::<DB>(&mut transaction, origin, Some(id)).await?;
        self.decide(&mut transaction, id, origin).await?;
        transaction.commit().await?;
        self.deletions.notify_waiters();
        Ok(())
    }

    async fn decide(
        &self,
        transaction: &mut DB::Connection,
        id: UserId,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        // Whoever runs Pupila without accounts again finds what they had.
        if id == UserId::LOCAL {
            return Err(AccountsError::LocalUser);
        }
        account::hold::<DB>(transaction, id, None, origin.time).await?;
        let found = account::find::<DB>(transaction, id).await?;
        let (account, _) = found.ok_or(AccountsError::UserNotFound(id))?;
        if account.state == State::Deleting {
            return Ok(());
        }
        administrators::recount::<DB>(transaction, account.administers(), false).await?;
        account::empty::<DB>(transaction, id).await?;
        session::delete_all::<DB>(transaction, id).await?;
        api_key::delete_all::<DB>(transaction, id).await?;
        notifications::delete_all::<DB>(transaction, id).await?;
        erasure::request::<DB>(transaction, id, origin.time).await?;
        let action = Action::UserDeleted;
        Ok(audit::record::<DB>(transaction, origin, action, id, json!({})).await?)
    }
}
