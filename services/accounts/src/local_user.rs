//! The local user, who may do all, where the operator runs Pupila without accounts.

use pupila_core::{Caller, Revision, Role, User, UserId};
use pupila_db::Dialect;

use crate::{
    Accounts, AccountsError,
    account::{self, Account, Language, State, scopes_of},
    keys::AccessToken,
    origin::Origin,
};

/// What the local user is called.
const NAME: &str = "Local user";

impl<DB: Dialect> Accounts<DB> {
    /// A token of the local user, whose account is made where there is none.
    ///
    /// # Errors
    /// `LOCAL_USER_OFF`.
    pub(crate) async fn sign_in_locally(
        &self,
        origin: &Origin,
    ) -> Result<AccessToken, AccountsError> {
        if !self.local_user {
            return Err(AccountsError::LocalUserOff);
        }
        self.local_user_made
            .get_or_try_init(|| self.make_local_user(origin))
            .await?;
        let user = User {
            id: UserId::LOCAL,
            role: Role::Admin,
            scopes: scopes_of(Role::Admin),
            session: None,
        };
        self.keys.sign(&Caller::User(user)).await
    }

    async fn make_local_user(&self, origin: &Origin) -> Result<(), AccountsError> {
        let account = Account {
            id: UserId::LOCAL,
            email: None,
            display_name: NAME.to_owned(),
            language: Language::default(),
            role: Role::Admin,
            state: State::Active,
            create_time: origin.time,
            update_time: origin.time,
            revision: Revision::FIRST,
        };
        let mut writer = self.pools.writer().await?;
        match account::insert::<DB>(&mut writer, &account, None).await {
            // It was there.
            Err(error) if error.is_unique_violation() => Ok(()),
            other => Ok(other?),
        }
    }
}
