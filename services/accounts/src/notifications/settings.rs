//! What a user wants to be told when a job ends.

mod row;

use pupila_core::{Revision, UserId};
use pupila_db::Dialect;

use super::{NotificationError, Notifications, notification::JobEnded};
use crate::{AccountsError, again::again};

pub(super) use row::{delete, end_emails, find, stop_emails};

/// The longest that a job can be asked to take before it is told of: a day.
const LONGEST: u32 = 86_400;

/// What a user wants to be told, and by which ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) email: bool,
    /// Whoever reads the address asked for no e-mails, which nobody who only has the account takes back: whose address
    /// it is was never proven.
    pub(super) email_stopped: bool,
    /// To browsers that subscribed.
    pub(super) push: bool,
    pub(super) webhook: bool,
    /// In the application's list.
    pub(super) in_app: bool,
    /// Nothing of jobs without any failure.
    pub(super) only_failures: bool,
    /// Nothing of jobs that took less.
    pub(super) minimum_seconds: u32,
    /// Counts the changes.
    pub(super) revision: Revision,
}

/// What changes; the rest stays as it is.
#[derive(Debug, Clone, Default)]
pub(super) struct SettingsChange {
    pub(super) email: Option<bool>,
    pub(super) push: Option<bool>,
    pub(super) webhook: Option<bool>,
    pub(super) in_app: Option<bool>,
    pub(super) only_failures: Option<bool>,
    pub(super) minimum_seconds: Option<u32>,
}

/// Nothing goes out until it is asked for.
impl Default for Settings {
    fn default() -> Self {
        Self {
            email: false,
            email_stopped: false,
            push: false,
            webhook: false,
            in_app: true,
            only_failures: false,
            minimum_seconds: 0,
            revision: Revision::FIRST,
        }
    }
}

impl Settings {
    /// Whether the user wants to hear of such a job at all.
    pub(super) fn want(&self, job: &JobEnded) -> bool {
        let long_enough = job.seconds >= u64::from(self.minimum_seconds);
        long_enough && (!self.only_failures || job.has_failures())
    }

    fn changed(self, change: &SettingsChange) -> Result<Self, NotificationError> {
        if self.email_stopped && change.email == Some(true) {
            return Err(NotificationError::EmailStopped);
        }
        Ok(Self {
            email: change.email.unwrap_or(self.email),
            email_stopped: self.email_stopped,
            push: change.push.unwrap_or(self.push),
            webhook: change.webhook.unwrap_or(self.webhook),
            in_app: change.in_app.unwrap_or(self.in_app),
            only_failures: change.only_failures.unwrap_or(self.only_failures),
            minimum_seconds: change.minimum_seconds.unwrap_or(self.minimum_seconds),
            revision: self.revision.next(),
        })
    }
}

impl SettingsChange {
    fn check(&self) -> Result<(), NotificationError> {
        match self.minimum_seconds {
            Some(seconds) if seconds > LONGEST => {
                let rule = format!("must be from 0 to {LONGEST}");
                Err(NotificationError::field("minimum_seconds", rule))
            }
            _ => Ok(()),
        }
    }
}

impl<DB: Dialect> Notifications<DB> {
    /// What a user wants to be told.
    pub(super) async fn settings(&self, user: UserId) -> Result<Settings, NotificationError> {
        let mut reader = self.accounts.pools.reader().await?;
        Ok(row::find::<DB>(&mut reader, user).await?)
    }

    /// Changes what a user wants to be told.
    ///
    /// # Errors
    /// `INVALID_ARGUMENT`, `REVISION_MISMATCH`, `EMAIL_STOPPED`, `ACCOUNT_ENDED`.
    pub(super) async fn update_settings(
        &self,
        user: UserId,
        change: &SettingsChange,
        expected: Option<Revision>,
    ) -> Result<Settings, NotificationError> {
        change.check()?;
        again(|| self.try_update_settings(user, change, expected)).await
    }

    async fn try_update_settings(
        &self,
        user: UserId,
        change: &SettingsChange,
        expected: Option<Revision>,
    ) -> Result<Settings, NotificationError> {
        let mut transaction = self.change(user).await?;
        // A link in an e-mail changes them too, and holds no account.
        let settings = row::hold::<DB>(&mut transaction, user).await?;
        if expected.is_some_and(|expected| expected != settings.revision) {
            return Err(AccountsError::RevisionMismatch.into());
        }
        let settings = settings.changed(change)?;
        row::write::<DB>(&mut transaction, user, &settings).await?;
        transaction.commit().await?;
        Ok(settings)
    }
}
