//! What watchers, reports and operators read of jobs.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::{Cursor, JobId, UserId};
use pupila_db::Database;

use super::{Item, Job, JobError, Load, ReasonTally, Report, store};

/// Reads jobs for those who look on. Nothing here changes anything.
#[async_trait]
pub trait JobView: Send + Sync {
    /// One of the owner's jobs, and those of its items that changed after `seen`, in the order in which they did: at most `limit`, all
    /// of the same moment as the job. `None` where the job does not exist or is somebody else's.
    async fn changed_items(
        &self,
        owner: UserId,
        job: JobId,
        seen: Place,
        limit: u32,
    ) -> Result<Option<(Job, Vec<Item>)>, JobError>;

    /// Those of the jobs that are the owner's.
    async fn jobs(&self, owner: UserId, ids: &[JobId]) -> Result<Vec<Job>, JobError>;

    /// The owner's jobs whose last change is after the cursor's, whose key is a time: by that, at most `limit`.
    async fn changed_jobs(
        &self,
        owner: UserId,
        after: Cursor,
        limit: u32,
    ) -> Result<Vec<Job>, JobError>;

    /// One of the owner's jobs, and counts over what came out of it, of the same moment. `None` where the job does not exist
    /// or is somebody else's.
    async fn report(&self, owner: UserId, job: JobId) -> Result<Option<(Job, Report)>, JobError>;

    /// How much there is to do at the time `now`, and who does it.
    async fn load(&self, now: Timestamp) -> Result<Load, JobError>;

    /// Items that failed within 24 hours before `now`, by reason, the most frequent first.
    async fn failures(&self, now: Timestamp) -> Result<Vec<ReasonTally>, JobError>;
}

/// A place among the changes of a job's items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The job's revision at an item's last change.
    pub revision: i64,
    /// The item's position: some change together.
    pub position: i64,
}

impl Place {
    /// Behind all that changed up to a revision.
    #[must_use]
    pub const fn after(revision: i64) -> Self {
        Self {
            revision,
            position: i64::MAX,
        }
    }

    /// That of an item.
    #[must_use]
    pub fn of(item: &Item) -> Self {
        Self {
            revision: item.revision,
            position: item.position.into(),
        }
    }
}

/// The view of a `database` that [`open_store`](crate::open_store) brought up to date.
#[must_use]
pub fn open_job_view(database: &Database) -> Arc<dyn JobView> {
    store::open_view(database)
}
