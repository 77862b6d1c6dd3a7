//! The store in SQL, the same for every engine.

use async_trait::async_trait;
use pupila_core::{JobId, Listing, Page, UserId};
use pupila_db::{Dialect, Pools, Statement};

use super::{JobStore, job_row, read, task_row};
use crate::jobs::{Item, Job, JobError, JobState};

/// The tables `jobs`, `tasks`, `results` and `workers`.
pub(super) struct SqlJobs<DB: Dialect> {
    pub(super) pools: Pools<DB>,
}

impl<DB: Dialect> SqlJobs<DB> {
    pub(super) fn new(pools: Pools<DB>) -> Self {
        Self { pools }
    }
}

#[async_trait]
impl<DB: Dialect> JobStore for SqlJobs<DB> {
    async fn find(&self, owner: UserId, id: JobId) -> Result<Option<Job>, JobError> {
        let mut reader = self.pools.reader().await?;
        read::job::<DB>(&mut reader, owner, id).await
    }

    async fn list(
        &self,
        owner: UserId,
        state: Option<JobState>,
        page: Page,
    ) -> Result<Listing<Job>, JobError> {
        let select = Statement::<DB>::new(job_row::COLUMNS);
        let select = read::page_of_jobs(select, owner, state, page);
        let mut reader = self.pools.reader().await?;
        read::jobs::<DB>(&mut reader, select, page).await
    }

    async fn items(
        &self,
        job: JobId,
        state: Option<JobState>,
        page: Page,
    ) -> Result<Listing<Item>, JobError> {
        let select = Statement::<DB>::new(task_row::COLUMNS);
        let select = read::page_of_items(select, job, state, page);
        let mut reader = self.pools.reader().await?;
        let items = read::items::<DB>(&mut reader, select).await?;
        Ok(page.cut(items, Item::cursor))
    }
}
