//! What users were told within the application. Life cycle: told, read; deleted when it is old, or when many came later.

mod failure;
mod row;

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use pupila_core::{Cursor, JobId, Listing, NotificationId, Page, UserId};
use pupila_db::{DatabaseError, Dialect};

use super::{NotificationError, Notifications};
use crate::{account::UnknownWord, again::again};

pub(super) use failure::Failure;
#[cfg(test)]
pub(super) use row::{count_unread, listed, old};
pub(super) use row::{delete_all, delete_beyond, insert, is_told};

/// How long a user can read what they were told.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What a user was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notification {
    pub(super) id: NotificationId,
    pub(super) create_time: Timestamp,
    pub(super) unread: bool,
    pub(super) job: JobEnded,
}

/// A job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JobEnded {
    pub(super) id: JobId,
    /// What people call it; may be empty.
    pub(super) name: String,
    pub(super) state: JobState,
    /// Items that succeeded.
    pub(super) succeeded: u64,
    /// Items that failed.
    pub(super) failed: u64,
    /// All items.
    pub(super) total: u64,
    /// From the request to the end.
    pub(super) seconds: u64,
    /// Why it failed as a whole, or its ZIP broke on the way.
    pub(super) failure: Option<Failure>,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JobState {
    Succeeded,
    Failed,
    Cancelled,
}

/// What a user was told, and how much of all that they did not read.
pub(super) struct Told {
    pub(super) listing: Listing<Notification>,
    pub(super) unread: u64,
}

impl JobEnded {
    /// Whether something went wrong.
    pub(super) fn has_failures(&self) -> bool {
        self.state == JobState::Failed || self.failed > 0
    }
}

impl JobState {
    /// As its column and messages say it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

impl FromStr for JobState {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Succeeded, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(UnknownWord("SUCCEEDED, FAILED, CANCELLED"))
    }
}

impl Notification {
    /// Its place in a list.
    fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }
}

impl<DB: Dialect> Notifications<DB> {
    /// A page of what a user was told, the newest first; only of what they did not read, where they ask for that.
    pub(super) async fn told(
        &self,
        user: UserId,
        unread_only: bool,
        page: Page,
    ) -> Result<Told, NotificationError> {
        let mut snapshot = self.accounts.pools.snapshot().await?;
        let found = row::list::<DB>(&mut snapshot, user, unread_only, page).await?;
        let unread = row::unread::<DB>(&mut snapshot, user).await?;
        let listing = page.cut(found, Notification::cursor);
        Ok(Told { listing, unread })
    }

    /// Marks as read what a user was told: all, or one notification and those before it.
    ///
    /// # Errors
    /// `NOTIFICATION_NOT_FOUND` where there is none, or somebody else was told; `ACCOUNT_ENDED`.
    pub(super) async fn mark_read(
        &self,
        user: UserId,
        up_to: Option<NotificationId>,
    ) -> Result<(), NotificationError> {
        again(|| async {
            let mut transaction = self.change(user).await?;
            let last = match up_to {
                Some(id) => {
                    let found = row::find::<DB>(&mut transaction, user, id).await?;
                    let found = found.ok_or(NotificationError::NotFound(id))?;
                    Some(found.cursor())
                }
                None => None,
            };
            row::mark_read::<DB>(&mut transaction, user, last).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }
}

/// Deletes what users could read long enough.
pub(crate) async fn sweep<DB: Dialect>(
    connection: &mut DB::Connection,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    row::delete_before::<DB>(connection, now - KEPT).await
}
