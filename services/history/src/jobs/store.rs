//! Where jobs are kept.

mod job_row;
mod read;
mod result_row;
mod sql;
mod task_row;
mod view;

use std::sync::Arc;

use async_trait::async_trait;
use pupila_core::{JobId, Listing, Page, UserId};
use pupila_db::Database;

use super::{Item, Job, JobError, JobState, JobView};
use sql::SqlJobs;

/// Keeps jobs. Every change of a job and of its tasks happens under the job's row, so that none is half seen.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// One of the owner's jobs; `None` where it does not exist or is somebody else's.
    async fn find(&self, owner: UserId, id: JobId) -> Result<Option<Job>, JobError>;

    /// A page of the owner's jobs, the newest first; those of the same time by id, the highest first.
    async fn list(
        &self,
        owner: UserId,
        state: Option<JobState>,
        page: Page,
    ) -> Result<Listing<Job>, JobError>;

    /// A page of a job's items, by position. Whose job it is was asked before.
    async fn items(
        &self,
        job: JobId,
        state: Option<JobState>,
        page: Page,
    ) -> Result<Listing<Item>, JobError>;
}

/// The view of a `database`, for those who look on.
pub(super) fn open_view(database: &Database) -> Arc<dyn JobView> {
    match database {
        Database::MySql(pools) => Arc::new(SqlJobs::new(pools.clone())),
        Database::Sqlite(pools) => Arc::new(SqlJobs::new(pools.clone())),
    }
}

/// The store in a `database` that [`open_store`](crate::open_store) brought up to date.
#[must_use]
pub fn open_job_store(database: &Database) -> Arc<dyn JobStore> {
    match database {
        Database::MySql(pools) => Arc::new(SqlJobs::new(pools.clone())),
        Database::Sqlite(pools) => Arc::new(SqlJobs::new(pools.clone())),
    }
}
