//! Making accounts.

use pupila_core::{Revision, Role, UserId};
use pupila_db::Dialect;
use serde_json::json;

use crate::{
    Accounts, AccountsError, Registration,
    account::{self, Account, Language, State},
    administrators,
    audit::{self, Action},
    email::Email,
    origin::Origin,
    passwords,
    violations::Violations,
};

/// Characters of the name that others see.
pub(crate) const NAME: std::ops::RangeInclusive<usize> = 1..=100;

/// An account to make.
pub(crate) struct NewAccount {
    pub(crate) email: Email,
    pub(crate) password: String,
    pub(crate) display_name: String,
    pub(crate) language: Language,
}

impl NewAccount {
    /// Checks what the caller sent; an empty language stands for English.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT` with every field at fault.
    pub(crate) fn new(
        email: &str,
        password: String,
        display_name: &str,
        language: &str,
    ) -> Result<Self, AccountsError> {
        let mut violations = Violations::default();
        let display_name = display_name.trim();
        violations.require_text("display_name", display_name, NAME);
        let language = match language {
            "" => Some(Language::default()),
            code => violations.take("language", code.parse()),
        };
        let email: Option<Email> = violations.take("email", email.parse());
        violations.take("password", passwords::check(&password, email.as_ref()));
        violations.finish()?;
        Ok(Self {
            email: email.ok_or_else(|| AccountsError::field("email", "must be set"))?,
            password,
            display_name: display_name.to_owned(),
            language: language.unwrap_or_default(),
        })
    }

    fn account(&self, role: Role, origin: &Origin) -> Account {
        Account {
            id: UserId::new(origin.time),
            email: Some(self.email.as_str().to_owned()),
            display_name: self.display_name.clone(),
            language: self.language,
            role,
            state: State::Active,
            create_time: origin.time,
            update_time: origin.time,
            revision: Revision::FIRST,
        }
    }
}

impl<DB: Dialect> Accounts<DB> {
    /// Makes an account for whoever asks. The first is the administrator's. Does nothing where the address is taken,
    /// and takes as long for it: the caller is told the same.
    ///
    /// # Errors
    /// `REGISTRATION_CLOSED`, or too many attempts.
    pub(crate) async fn register(
        &self,
        new: NewAccount,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        let place = self.passwords.place()?;
        self.throttle.visit(origin).await?;
        let mut reader = self.pools.reader().await?;
        let may_be_first = !administrators::exist::<DB>(&mut reader).await?;
        drop(reader);
        if !may_be_first && self.registration == Registration::Closed {
            return Err(AccountsError::RegistrationClosed);
        }
        let hash = place.hash(&new.password).await?;

        let mut transaction = self.pools.transaction().await?;
        let is_first = may_be_first && administrators::become_first::<DB>(&mut transaction).await?;
        if !is_first && self.registration == Registration::Closed {
            return Err(AccountsError::RegistrationClosed);
        }
        let role = if is_first { Role::Admin } else { Role::User };
        let account = new.account(role, origin);
        let inserted = account::insert::<DB>(&mut transaction, &account, Some(&hash)).await;
        match inserted {
            Err(error) if error.is_unique_violation() => {
                drop(transaction);
                return self.record_clash(&new.email, origin).await;
            }
            other => other?,
        }
        self.record_creation(&mut transaction, &account, origin)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Makes an account on behalf of an administrator, also while registration is closed.
    ///
    /// # Errors
    /// `ADMIN_ONLY`, `EMAIL_TAKEN`.
    pub(crate) async fn create_account(
        &self,
        new: NewAccount,
        role: Role,
        origin: &Origin,
    ) -> Result<Account, AccountsError> {
        let hash = self.passwords.place()?.hash(&new.password).await?;
        let account = new.account(role, origin);
        let mut transaction = self.pools.transaction().await?;
        account::hold_administrator::<DB>(&mut transaction, origin, None).await?;
        let inserted = account::insert::<DB>(&mut transaction, &account, Some(&hash)).await;
        match inserted {
            Err(error) if error.is_unique_violation() => return Err(AccountsError::EmailTaken),
            other => other?,
        }
        administrators::recount::<DB>(&mut transaction, false, account.administers()).await?;
        self.record_creation(&mut transaction, &account, origin)
            .await?;
        transaction.commit().await?;
        Ok(account)
    }

    async fn record_creation(
        &self,
        transaction: &mut DB::Connection,
        account: &Account,
        origin: &Origin,
    ) -> Result<(), AccountsError> {
        let detail = json!({"role": account.role});
        let action = Action::UserCreated;
        Ok(audit::record::<DB>(transaction, origin, action, account.id, detail).await?)
    }

    /// Somebody tried to make an account with an address that has one.
    async fn record_clash(&self, email: &Email, origin: &Origin) -> Result<(), AccountsError> {
        let mut writer = self.pools.writer().await?;
        let owner = account::by_email::<DB>(&mut writer, email).await?;
        let owner = owner.map(|(account, _)| account.id.to_string());
        let (action, subject) = (Action::UserRegistrationRefused, owner.unwrap_or_default());
        let recorded = audit::record::<DB>(&mut writer, origin, action, subject, json!({}));
        Ok(recorded.await?)
    }
}
