//! Signing in: with a password, as the local user, as a service.

use pupila_core::{Caller, Revision, Role, User, UserId};
use pupila_db::Dialect;
use serde_json::json;

use crate::{
    Accounts, AccountsError,
    account::{self, Account, Language, State, scopes_of},
    audit::{self, Action},
    email::Email,
    keys::AccessToken,
    origin::Origin,
    passwords::Verdict,
    session::{self, NewSession, Tokens},
    throttle::Lock,
};

/// What the local user is called.
const LOCAL_NAME: &str = "Local user";

impl<DB: Dialect> Accounts<DB> {
    /// Begins a session. Takes as long, counts as much and answers the same where the address has no account.
    ///
    /// # Errors
    /// `CREDENTIALS_INVALID`, too many attempts, or `ACCOUNT_BLOCKED` for the one who knows the password.
    pub(crate) async fn sign_in(
        &self,
        email: &Email,
        password: &str,
        user_agent: &str,
        origin: &Origin,
    ) -> Result<Tokens, AccountsError> {
        let place = self.passwords.place()?;
        let attempt = self.throttle.attempt(Lock::Account(email), origin).await?;
        let mut reader = self.pools.reader().await?;
        let (account, hash) = account::by_email::<DB>(&mut reader, email).await?.unzip();
        drop(reader);
        let hash = hash.flatten();
        let verdict = place.verify(password, hash.as_deref()).await?;
        drop(place);
        let (Some(account), Some(hash), Verdict::Right { renewed }) = (&account, hash, verdict)
        else {
            let account = account.as_ref();
            self.record_refusal(account, "credentials", origin).await?;
            return Err(AccountsError::WrongCredentials);
        };
        self.throttle.succeeded(attempt).await?;
        if account.state != State::Active {
            self.record_refusal(Some(account), "blocked", origin)
                .await?;
            return Err(AccountsError::Blocked);
        }

        let new = NewSession::new(account, user_agent, self.sessions.idle(), origin)?;
        let origin = origin.clone().by(account.id);
        let mut transaction = self.pools.transaction().await?;
        // Nobody may have changed the password or blocked the account meanwhile: that ended all sessions, and this
        // one would stay.
        if !account::unlock::<DB>(&mut transaction, account.id, &hash, renewed).await? {
            return Err(AccountsError::WrongCredentials);
        }
        session::insert::<DB>(&mut transaction, &new).await?;
        let (action, subject) = (Action::SessionSignedIn, new.session.id);
        audit::record::<DB>(&mut transaction, &origin, action, subject, json!({})).await?;
        transaction.commit().await?;
        self.hand_out(account, &new).await
    }

    /// A token of the local user, who may do all, where the operator runs Pupila without accounts.
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

    /// A token of the service `name`.
    ///
    /// # Errors
    /// `SERVICE_UNKNOWN` where there is no such service or it has another secret.
    pub(crate) async fn sign_in_service(
        &self,
        name: &str,
        secret: &str,
    ) -> Result<AccessToken, AccountsError> {
        if !self.services.knows(name, secret) {
            return Err(AccountsError::UnknownService);
        }
        self.keys.sign(&Caller::Service(name.to_owned())).await
    }

    async fn make_local_user(&self, origin: &Origin) -> Result<(), AccountsError> {
        let account = Account {
            id: UserId::LOCAL,
            email: None,
            display_name: LOCAL_NAME.to_owned(),
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

    async fn record_refusal(
        &self,
        account: Option<&Account>,
        cause: &str,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        let subject = account.map(|account| account.id.to_string());
        let (action, subject) = (Action::SessionRefused, subject.unwrap_or_default());
        let mut writer = self.pools.writer().await?;
        let detail = json!({"cause": cause});
        Ok(audit::record::<DB>(&mut writer, origin, action, subject, detail).await?)
    }
}
