//! The store in SQL, the same for every engine.

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::{Clock, Cursor, Digest, IdempotencyKey, JobId, Listing, Page, TaskId, UserId};
use pupila_db::{Dialect, Pools, Statement};
use pupila_queue::Share;

use super::{
    JobStore, Sleeper, create,
    hold::{self, Whose},
    job_row, keyed,
    persist::persist,
    read, reclaim, sleepers, task_row, tidy, upkeep,
};
use crate::jobs::{
    Addition, Aftermath, Creation, Draft, Finished, Heartbeat, Item, Job, JobError, JobState,
    Rules, Take, Taken,
};

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
    async fn create(&self, drafts: &[Draft], share: Share) -> Result<Vec<Creation>, JobError> {
        create::create(&self.pools, drafts, share).await
    }

    async fn find_by_key(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
    ) -> Result<Option<(Job, Digest)>, JobError> {
        keyed::find(&self.pools, owner, key).await
    }

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
        // One moment: a task that has ended comes with its results.
        let mut snapshot = self.pools.snapshot().await?;
        let items = read::items::<DB>(&mut snapshot, select).await?;
        Ok(page.cut(items, Item::cursor))
    }

    async fn cancel(&self, job: JobId, clock: &dyn Clock) -> Result<((), Aftermath), JobError> {
        let whose = Whose::Job(job, &[JobState::Queued, JobState::Running]);
        hold::change(&self.pools, clock, whose, |held| held.cancel(job)).await
    }

    async fn retry(
        &self,
        job: JobId,
        clock: &dyn Clock,
        share: Share,
    ) -> Result<((), Aftermath), JobError> {
        let whose = Whose::Job(job, &[JobState::Failed, JobState::Cancelled]);
        hold::change(&self.pools, clock, whose, |held| held.retry(job, share)).await
    }

    async fn take(
        &self,
        takes: &[Take],
        clock: &dyn Clock,
        rules: &Rules,
    ) -> Result<(Vec<Vec<Taken>>, Aftermath), JobError> {
        let tasks: Vec<_> = takes.iter().flat_map(|take| &take.tasks).copied().collect();
        let whose = Whose::Tasks(&tasks);
        hold::change(&self.pools, clock, whose, |held| {
            let ids = takes.iter().map(|take| held.take(take, rules.lease));
            let ids: Vec<_> = ids.collect();
            Ok(ids.iter().map(|ids| held.taken(ids)).collect())
        })
        .await
    }

    async fn renew(&self, beat: &Heartbeat) -> Result<Vec<TaskId>, JobError> {
        let renew = || async {
            let mut writer = self.pools.writer().await?;
            upkeep::renew::<DB>(&mut writer, beat).await
        };
        persist(JobError::is_deadlock, renew).await
    }

    async fn finish(
        &self,
        finished: &[Finished],
        clock: &dyn Clock,
        rules: &Rules,
    ) -> Result<(Vec<bool>, Aftermath), JobError> {
        let tasks: Vec<_> = finished.iter().map(|of| of.task.task).collect();
        let whose = Whose::Tasks(&tasks);
        hold::change(&self.pools, clock, whose, |held| {
            let written = finished.iter().map(|of| held.finish(of, rules));
            Ok(written.collect())
        })
        .await
    }

    async fn add_items(
        &self,
        addition: &Addition,
        clock: &dyn Clock,
        share: Share,
    ) -> Result<((), Aftermath), JobError> {
        let tasks = [addition.task.task];
        let whose = Whose::Tasks(&tasks);
        hold::change(&self.pools, clock, whose, |held| {
            held.add_items(addition, share)
        })
        .await
    }

    async fn lapsed(
        &self,
        after: Option<Cursor>,
        until: Timestamp,
        at_most: u32,
    ) -> Result<Listing<TaskId>, JobError> {
        reclaim::lapsed(&self.pools, after, until, at_most).await
    }

    async fn reclaim(
        &self,
        tasks: &[TaskId],
        until: Timestamp,
        clock: &dyn Clock,
        rules: &Rules,
    ) -> Result<Aftermath, JobError> {
        reclaim::reclaim(&self.pools, tasks, until, clock, rules).await
    }

    async fn sleepers(
        &self,
        after: Option<Cursor>,
        until: Timestamp,
        at_most: u32,
    ) -> Result<Listing<Result<Sleeper, JobError>>, JobError> {
        sleepers::sleepers(&self.pools, after, until, at_most).await
    }

    async fn remind(
        &self,
        tasks: &[Sleeper],
        now: Timestamp,
        wake: Timestamp,
    ) -> Result<bool, JobError> {
        sleepers::remind(&self.pools, tasks, now, wake).await
    }

    async fn tidy(&self, now: Timestamp, at_once: u32) -> Result<(), JobError> {
        tidy::tidy(&self.pools, now, at_once).await
    }
}
