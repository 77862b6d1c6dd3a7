//! Reading jobs for those who look on.

mod changes;
mod load;
mod report;

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::{Cursor, JobId, UserId};
use pupila_db::Dialect;

use super::{read, sql::SqlJobs};
use crate::jobs::{Item, Job, JobError, JobView, Load, Place, ReasonTally, Report};

#[async_trait]
impl<DB: Dialect> JobView for SqlJobs<DB> {
    async fn changed_items(
        &self,
        owner: UserId,
        job: JobId,
        seen: Place,
        limit: u32,
    ) -> Result<Option<(Job, Vec<Item>)>, JobError> {
        let mut snapshot = self.pools.snapshot().await?;
        let Some(found) = read::job::<DB>(&mut snapshot, owner, job).await? else {
            return Ok(None);
        };
        let select = changes::of_items::<DB>(job, seen, limit);
        let items = read::items::<DB>(&mut snapshot, select).await?;
        Ok(Some((found, items)))
    }

    async fn jobs(&self, owner: UserId, ids: &[JobId]) -> Result<Vec<Job>, JobError> {
        let mut reader = self.pools.reader().await?;
        changes::fetch::<DB>(&mut reader, changes::by_ids::<DB>(owner, ids)).await
    }

    async fn changed_jobs(
        &self,
        owner: UserId,
        after: Cursor,
        limit: u32,
    ) -> Result<Vec<Job>, JobError> {
        let mut reader = self.pools.reader().await?;
        changes::fetch::<DB>(&mut reader, changes::of_jobs::<DB>(owner, after, limit)).await
    }

    async fn report(&self, owner: UserId, job: JobId) -> Result<Option<(Job, Report)>, JobError> {
        let mut snapshot = self.pools.snapshot().await?;
        let Some(found) = read::job::<DB>(&mut snapshot, owner, job).await? else {
            return Ok(None);
        };
        let report = report::count::<DB>(&mut snapshot, job).await?;
        Ok(Some((found, report)))
    }

    async fn load(&self, now: Timestamp) -> Result<Load, JobError> {
        let mut snapshot = self.pools.snapshot().await?;
        load::measure::<DB>(&mut snapshot, now).await
    }

    async fn failures(&self, now: Timestamp) -> Result<Vec<ReasonTally>, JobError> {
        let mut reader = self.pools.reader().await?;
        Ok(load::failures_of_late::<DB>(&mut reader, now).await?)
    }
}
