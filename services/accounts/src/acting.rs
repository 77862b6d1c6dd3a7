//! Services that work for users who are away: the worker runs their jobs.

use pupila_core::{Role, Scope, Scopes, User, UserId};
use pupila_db::Dialect;

use crate::{
    Accounts, AccountsError,
    account::{self, State},
    keys::AccessToken,
};

/// What a service may do for a user: what the steps of a job take, and telling what came out.
const SCOPES: [Scope; 7] = [
    Scope::AlbumsRead,
    Scope::ImagesRead,
    Scope::ImagesWrite,
    Scope::JobsRead,
    Scope::ModelsRead,
    Scope::PredictionsRead,
    Scope::PredictionsWrite,
];

impl<DB: Dialect> Accounts<DB> {
    /// A token with which the service `actor` works for a user, never with an administrator's rights. Belongs to no
    /// session: the user may have signed out of the one that asked for the work.
    ///
    /// The record has no line of it. A worker asks every few minutes for each owner of a job, which would bury what
    /// people did; what it does is recorded where it is done, and the token tells who acts. A metric counts them.
    ///
    /// # Errors
    /// `ACCOUNT_BLOCKED`, `USER_NOT_FOUND`.
    pub(crate) async fn act_for_user(
        &self,
        id: UserId,
        actor: &str,
    ) -> Result<AccessToken, AccountsError> {
        let mut reader = self.pools.reader().await?;
        let found = account::find::<DB>(&mut reader, id).await?;
        drop(reader);
        let account = found.map(|(account, _)| account);
        match account.map(|account| account.state) {
            Some(State::Active) => {}
            Some(State::Blocked) => return Err(AccountsError::Blocked),
            Some(State::Deleting) | None => return Err(AccountsError::UserNotFound(id)),
        }
        let user = User {
            id,
            role: Role::User,
            scopes: Scopes::from_iter(SCOPES),
            session: None,
        };
        let token = self.keys.sign_acting(user, actor).await?;
        metrics::counter!("pupila_acting_tokens_total", "service" => actor.to_owned()).increment(1);
        Ok(token)
    }
}
