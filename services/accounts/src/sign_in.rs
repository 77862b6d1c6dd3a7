//! Signing in with a password.

use pupila_core::Fault as _;
use pupila_db::Dialect;
use serde_json::json;

use crate::{
    Accounts, AccountsError,
    account::{self, Account, State},
    audit::{self, Action},
    email::Email,
    origin::Origin,
    passwords::Verdict,
    session::{self, NewSession, Tokens},
    throttle::Lock,
};

/// Somebody who knew their password.
struct Known {
    account: Account,
    /// The hash that it was compared with.
    hash: String,
    /// The one to keep instead, where there should be another.
    renewed: Option<String>,
}

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
        let session = async {
            let known = self.authenticate(email, password, origin).await?;
            self.begin_session(known, user_agent, origin).await
        };
        let tokens = session.await;
        let outcome = tokens
            .as_ref()
            .map_or_else(AccountsError::reason, |_| "SIGNED_IN");
        metrics::counter!("pupila_sign_ins_total", "outcome" => outcome).increment(1);
        tokens
    }

    async fn authenticate(
        &self,
        email: &Email,
        password: &str,
        origin: &Origin,
    ) -> Result<Known, AccountsError> {
        let place = self.passwords.place()?;
        let visit = self.throttle.visit(origin).await?;
        let lock = Lock::Account(email);
        let attempt = self.throttle.attempt(lock, visit, origin.time).await?;
        let mut reader = self.pools.reader().await?;
        let (account, hash) = account::by_email::<DB>(&mut reader, email).await?.unzip();
        drop(reader);
        let hash = hash.flatten();
        let verdict = place.verify(password, hash.as_deref()).await?;
        match (account, hash, verdict) {
            (Some(account), Some(hash), Verdict::Right { renewed }) => {
                self.throttle.succeeded(attempt).await?;
                if account.state != State::Active {
                    self.record_refusal(Some(account), "blocked", origin)
                        .await?;
                    return Err(AccountsError::Blocked);
                }
                Ok(Known {
                    account,
                    hash,
                    renewed,
                })
            }
            (account, ..) => {
                self.record_refusal(account, "credentials", origin).await?;
                Err(AccountsError::WrongCredentials)
            }
        }
    }

    async fn begin_session(
        &self,
        known: Known,
        user_agent: &str,
        origin: &Origin,
    ) -> Result<Tokens, AccountsError> {
        let Known {
            account,
            hash,
            renewed,
        } = known;
        let new = NewSession::new(&account, user_agent, self.sessions.idle(), origin)?;
        let origin = origin.clone().by(account.id);
        let mut transaction = self.pools.transaction().await?;
        // Whoever changed the password or blocked the account meanwhile ended all sessions, and this one would stay.
        if !account::unlock::<DB>(&mut transaction, account.id, &hash, renewed).await? {
            return Err(AccountsError::WrongCredentials);
        }
        session::insert::<DB>(&mut transaction, &new).await?;
        session::delete_beyond::<DB>(&mut transaction, account.id, session::MOST).await?;
        let (action, subject) = (Action::SessionSignedIn, new.session.id);
        audit::record::<DB>(&mut transaction, &origin, action, subject, json!({})).await?;
        transaction.commit().await?;
        self.tokens(&account, &new.token, new.session.expire_time)
            .await
    }

    async fn record_refusal(
        &self,
        account: Option<Account>,
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
