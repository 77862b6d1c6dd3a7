//! What users change about themselves.

use pupila_core::{Revision, User, UserId};
use pupila_db::Dialect;
use serde_json::json;

use crate::{
    Accounts, AccountsError,
    account::{self, Account, Language},
    audit::{self, Action},
    email::Email,
    origin::Origin,
    passwords::{self, Place, Verdict},
    registration::NAME,
    session,
    throttle::Lock,
    violations::Violations,
};

/// What changes; the rest stays as it is.
pub(crate) struct ProfileChange {
    display_name: Option<String>,
    language: Option<Language>,
}

impl ProfileChange {
    /// Checks what the caller sent.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault.
    pub(crate) fn new(
        display_name: Option<String>,
        language: Option<String>,
    ) -> Result<Self, AccountsError> {
        let mut violations = Violations::default();
        let display_name = display_name.map(|name| name.trim().to_owned());
        if let Some(name) = &display_name {
            violations.require_text("display_name", name, NAME);
        }
        let language = language.and_then(|code| violations.take("language", code.parse()));
        violations.finish()?;
        Ok(Self {
            display_name,
            language,
        })
    }
}

impl<DB: Dialect> Accounts<DB> {
    /// The caller's own account.
    ///
    /// # Errors
    /// `ACCOUNT_ENDED`.
    pub(crate) async fn me(&self, caller: UserId) -> Result<Account, AccountsError> {
        let mut reader = self.pools.reader().await?;
        let (account, _) = account::active::<DB>(&mut reader, caller).await?;
        Ok(account)
    }

    /// Changes the caller's name or language.
    ///
    /// # Errors
    /// `REVISION_MISMATCH`, `ACCOUNT_ENDED`.
    pub(crate) async fn update_me(
        &self,
        caller: UserId,
        change: ProfileChange,
        expected: Option<Revision>,
        origin: &Origin,
    ) -> Result<Account, AccountsError> {
        let mut transaction = self.pools.transaction().await?;
        let held = account::hold::<DB>(&mut transaction, caller, expected, origin.time).await?;
        let (account, _) = account::active::<DB>(&mut transaction, caller).await?;
        if !held {
            return Err(AccountsError::RevisionMismatch);
        }
        let account = Account {
            display_name: change.display_name.unwrap_or(account.display_name),
            language: change.language.unwrap_or(account.language),
            ..account
        };
        account::set_profile::<DB>(&mut transaction, &account).await?;
        transaction.commit().await?;
        Ok(account)
    }

    /// Changes the caller's password, and ends their other sessions: whoever knew the old one is out.
    ///
    /// # Errors
    /// `PASSWORD_WRONG`, a new password that cannot be, or too many attempts.
    pub(crate) async fn change_password(
        &self,
        caller: &User,
        current: &str,
        new: &str,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        let proof = self.prove(caller.id, current, origin).await?;
        let mut violations = Violations::default();
        violations.take("new_password", passwords::check(new, Some(&proof.email)));
        violations.finish()?;
        let hash = proof.place.hash(new).await?;

        let mut transaction = self.pools.transaction().await?;
        account::hold::<DB>(&mut transaction, caller.id, None, origin.time).await?;
        proof
            .hold::<DB>(&mut transaction, caller.id, Some(hash))
            .await?;
        let ended =
            session::delete_others::<DB>(&mut transaction, caller.id, caller.session).await?;
        let (action, detail) = (
            Action::UserPasswordChanged,
            json!({"sessions_ended": ended}),
        );
        audit::record::<DB>(&mut transaction, origin, action, caller.id, detail).await?;
        Ok(transaction.commit().await?)
    }

    /// Makes sure that the caller knows their password: a token may have been stolen.
    ///
    /// # Errors
    /// `PASSWORD_WRONG`, or too many attempts; `LOCAL_USER` for the one who has no password.
    pub(crate) async fn prove(
        &self,
        caller: UserId,
        password: &str,
        origin: &Origin,
    ) -> Result<Proof, AccountsError> {
        let place = self.passwords.place()?;
        let mut reader = self.pools.reader().await?;
        let (account, hash) = account::active::<DB>(&mut reader, caller).await?;
        drop(reader);
        let email = account.email.and_then(|email| email.parse().ok());
        let (Some(email), Some(hash)) = (email, hash) else {
            return Err(AccountsError::LocalUser);
        };
        let visit = self.throttle.visit(origin).await?;
        let lock = Lock::Proof(caller);
        let attempt = self.throttle.attempt(lock, visit, origin.time).await?;
        match place.verify(password, Some(&hash)).await? {
            Verdict::Wrong => Err(AccountsError::WrongPassword),
            Verdict::Right { .. } => {
                self.throttle.succeeded(attempt).await?;
                Ok(Proof { email, hash, place })
            }
        }
    }
}

/// Somebody knew their password when they were asked.
pub(crate) struct Proof {
    email: Email,
    hash: String,
    /// Where passwords are hashed: still theirs.
    place: Place,
}

impl Proof {
    /// Makes sure that it is the password still, until the transaction ends, and puts the one of the hash `next` in its
    /// place, where there is one.
    ///
    /// # Errors
    /// `PASSWORD_WRONG`.
    pub(crate) async fn hold<DB: Dialect>(
        &self,
        transaction: &mut DB::Connection,
        id: UserId,
        next: Option<String>,
    ) -> Result<(), AccountsError> {
        if account::unlock::<DB>(transaction, id, &self.hash, next).await? {
            Ok(())
        } else {
            Err(AccountsError::WrongPassword)
        }
    }
}
