//! Where jobs are kept.

mod backlog;
mod create;
mod due;
mod hold;
mod insert;
mod job_row;
mod keyed;
mod persist;
#[cfg(test)]
mod plan;
mod read;
mod reclaim;
mod result_row;
mod sleepers;
mod sql;
mod task_row;
mod tidy;
mod upkeep;
mod view;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::{Clock, Cursor, Digest, IdempotencyKey, JobId, Listing, Page, TaskId, UserId};
use pupila_db::Database;
use pupila_queue::Share;

use super::{
    Addition, Aftermath, Creation, Draft, Finished, Heartbeat, Item, Job, JobError, JobState,
    JobView, Rules, Take, Taken,
};
pub use sleepers::Sleeper;
use sql::SqlJobs;

/// Keeps jobs. Every change of a job and of its tasks happens under the job's row, so that none is half seen; a `clock` is
/// read once the row is held. What is to happen once a change is committed comes with the answer.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Stores jobs with their tasks, together or not at all, but those that are more than their owner's `share` has room for;
    /// once this answers, they outlive the process. What became of each comes in their order.
    async fn create(&self, drafts: &[Draft], share: Share) -> Result<Vec<Creation>, JobError>;

    /// The owner's job that a key led to, with the digest of what was asked for then.
    async fn find_by_key(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
    ) -> Result<Option<(Job, Digest)>, JobError>;

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

    /// Calls a job off, with all of its tasks that have not ended. Whose job it is was asked before. `Ended` where it
    /// ended otherwise.
    async fn cancel(&self, job: JobId, clock: &dyn Clock) -> Result<((), Aftermath), JobError>;

    /// Puts all of a job that failed or was called off back. Whose job it is was asked before. `NothingToRetry` where it
    /// goes on or there is nothing such, `QueueFull` where the owner's `share` has no room for it.
    async fn retry(
        &self,
        job: JobId,
        clock: &dyn Clock,
        share: Share,
    ) -> Result<((), Aftermath), JobError>;

    /// Gives each worker, in their order, those of its tasks that wait and are due, and those that it took just now
    /// without hearing of it.
    async fn take(
        &self,
        takes: &[Take],
        clock: &dyn Clock,
        rules: &Rules,
    ) -> Result<(Vec<Vec<Taken>>, Aftermath), JobError>;

    /// Lengthens leases, and writes down that the worker lives. Answers the tasks that are the worker's no more.
    async fn renew(&self, beat: &Heartbeat) -> Result<Vec<TaskId>, JobError>;

    /// Writes down how tasks went. Whether each was written, in their order: not so where the lease was lost.
    async fn finish(
        &self,
        finished: &[Finished],
        clock: &dyn Clock,
        rules: &Rules,
    ) -> Result<(Vec<bool>, Aftermath), JobError>;

    /// Adds items to the job of a ZIP: those that it does not have yet. `LeaseLost`, or `Invalid` where items before them
    /// are missing, or `ZipWaits` where the ZIP holds more than was known and its owner's `share` is used up.
    async fn add_items(
        &self,
        addition: &Addition,
        clock: &dyn Clock,
        share: Share,
    ) -> Result<((), Aftermath), JobError>;

    /// Tasks whose leases end by `until`, in the order in which they do: those that come after `after`, at most `at_most`.
    async fn lapsed(
        &self,
        after: Option<Cursor>,
        until: Timestamp,
        at_most: u32,
    ) -> Result<Listing<TaskId>, JobError>;

    /// Takes those of the tasks whose leases still end by `until` from their workers.
    async fn reclaim(
        &self,
        tasks: &[TaskId],
        until: Timestamp,
        clock: &dyn Clock,
        rules: &Rules,
    ) -> Result<Aftermath, JobError>;

    /// Tasks that wait, in the order in which they are offered again: those that come after `after`, and not after `until`.
    /// One that cannot be read, such as a newer replica's, comes as that error in its place.
    async fn sleepers(
        &self,
        after: Option<Cursor>,
        until: Timestamp,
        at_most: u32,
    ) -> Result<Listing<Result<Sleeper, JobError>>, JobError>;

    /// Writes down that tasks that wait are offered again at `wake`: those that still were to be by `now`. Whether there
    /// was any.
    async fn remind(
        &self,
        tasks: &[Sleeper],
        now: Timestamp,
        wake: Timestamp,
    ) -> Result<bool, JobError>;

    /// Deletes what nobody asks for any more, `at_once` rows at a time.
    async fn tidy(&self, now: Timestamp, at_once: u32) -> Result<(), JobError>;
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
