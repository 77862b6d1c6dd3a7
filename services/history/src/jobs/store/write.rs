//! Writing down what changed: changes that are alike are one statement, however many rows they are of.

use std::{collections::HashMap, hash::Hash};

use jiff::Timestamp;
use pupila_core::JobId;
use pupila_db::{Dialect, Statement};
use uuid::Uuid;

use super::insert;
use crate::jobs::{Failure, ItemCounts, Job, JobError, JobState, Task, TaskState, held::Diff};

/// Most rows that one statement changes.
const BATCH: usize = 1_000;

const SET_JOBS: &str = " SET state = ?, unpacking = ?, total = total + ?, queued = queued + ?, \
     running = running + ?, succeeded = succeeded + ?, failed = failed + ?, cancelled = cancelled + ?, \
     failure_code = ?, failure_reason = ?, failure_detail = ?, \
     start_time = COALESCE(start_time, ?), end_time = ?, update_time = ?, revision = revision + 1";

const SET_TASKS: &str = " SET state = ?, attempts = ?, due_time = ?, next_time = ?, \
     worker = ?, lease = ?, failure_code = ?, failure_reason = ?, failure_detail = ?, \
     start_time = COALESCE(?, start_time), end_time = ?, revision = ?";

/// A `DELETE` takes no hint. What has no position is found by its job, and the job's alone is locked.
const FORGET_NOTICES: &str = "DELETE FROM tasks WHERE job_id = ? AND position IS NULL \
     AND kind IN ('notify', 'deliver') AND end_time IS NULL";

/// What is the same of jobs that one statement changes.
#[derive(PartialEq, Eq, Hash)]
struct JobChange {
    state: JobState,
    unpacking: bool,
    /// By how much each count grows.
    growth: ItemCounts,
    failure: Option<Failure>,
    start_time: Option<Timestamp>,
    end_time: Option<Timestamp>,
    update_time: Timestamp,
}

/// What is the same of tasks that one statement changes.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct TaskChange {
    state: TaskState,
    next_time: Option<Timestamp>,
    attempts: u32,
    start_time: Option<Timestamp>,
    revision: i64,
}

/// Writes down what changed at `now`.
pub(super) async fn diff<DB: Dialect>(
    transaction: &mut DB::Connection,
    now: Timestamp,
    diff: Diff,
) -> Result<(), JobError> {
    let jobs = diff.jobs.into_iter().map(|(job, before)| {
        let id = job.id.as_uuid();
        (JobChange::of(job, before, now), id)
    });
    for (change, ids) in alike(jobs) {
        for ids in ids.chunks(BATCH) {
            change.update::<DB>(ids).execute(transaction).await?;
        }
    }
    for job in diff.reopened {
        forget_notices::<DB>(job).execute(transaction).await?;
    }
    let tasks = diff.tasks.into_iter().map(|task| {
        let id = task.id.as_uuid();
        (TaskChange::of(task), id)
    });
    for (change, ids) in alike(tasks) {
        for ids in ids.chunks(BATCH) {
            change.update::<DB>(ids).execute(transaction).await?;
        }
    }
    insert::results::<DB>(transaction, &diff.results).await?;
    let made: Vec<_> = diff
        .made
        .iter()
        .map(|made| insert::NewTask {
            task: &made.task,
            owner: made.owner,
            priority: made.priority,
        })
        .collect();
    insert::tasks::<DB>(transaction, &made).await
}

/// Deletes the notices of a job's end that nobody has heard of yet.
pub(super) fn forget_notices<DB: Dialect>(job: JobId) -> Statement<DB> {
    Statement::new(FORGET_NOTICES).bind(job.as_uuid())
}

/// Puts those together that change alike.
fn alike<C: Eq + Hash>(changes: impl Iterator<Item = (C, Uuid)>) -> HashMap<C, Vec<Uuid>> {
    let mut groups: HashMap<C, Vec<Uuid>> = HashMap::new();
    for (change, id) in changes {
        groups.entry(change).or_default().push(id);
    }
    groups
}

impl JobChange {
    fn of(job: Job, before: ItemCounts, now: Timestamp) -> Self {
        let counts = job.counts;
        Self {
            state: job.state,
            unpacking: job.unpacking,
            growth: ItemCounts {
                total: counts.total - before.total,
                queued: counts.queued - before.queued,
                running: counts.running - before.running,
                succeeded: counts.succeeded - before.succeeded,
                failed: counts.failed - before.failed,
                cancelled: counts.cancelled - before.cancelled,
            },
            failure: job.failure,
            // One that it had before stays.
            start_time: job.start_time.filter(|time| *time == now),
            end_time: job.end_time,
            update_time: job.update_time,
        }
    }

    fn update<DB: Dialect>(&self, ids: &[Uuid]) -> Statement<DB> {
        let update = Statement::new("UPDATE jobs")
            .through_key()
            .push(SET_JOBS)
            .bind(self.state.as_str().to_owned())
            .bind(self.unpacking)
            .bind(self.growth.total)
            .bind(self.growth.queued)
            .bind(self.growth.running)
            .bind(self.growth.succeeded)
            .bind(self.growth.failed)
            .bind(self.growth.cancelled);
        insert::failure(update, self.failure.as_ref())
            .bind(self.start_time.map(|time| time.as_microsecond()))
            .bind(self.end_time.map(|time| time.as_microsecond()))
            .bind(self.update_time.as_microsecond())
            .push_list(" WHERE id IN", ids.iter().copied())
    }
}

impl TaskChange {
    pub(super) fn of(task: Task) -> Self {
        Self {
            // One that it had before stays.
            start_time: match task.state {
                TaskState::Running { .. } => task.start_time,
                _ => None,
            },
            next_time: task.next_time(),
            state: task.state,
            attempts: task.attempts,
            revision: task.revision,
        }
    }

    pub(super) fn update<DB: Dialect>(&self, ids: &[Uuid]) -> Statement<DB> {
        let lease = match &self.state {
            TaskState::Running { lease, .. } => Some(lease),
            _ => None,
        };
        let update = Statement::new("UPDATE tasks")
            .through_key()
            .push(SET_TASKS)
            .bind(self.state.state().as_str().to_owned())
            .bind(i64::from(self.attempts))
            .bind(self.state.due().map(|time| time.as_microsecond()))
            .bind(self.next_time.map(|time| time.as_microsecond()))
            .bind(lease.map(|lease| lease.worker.as_str().to_owned()))
            .bind(lease.map(|lease| lease.id.as_uuid()));
        insert::failure(update, self.state.failure())
            .bind(self.start_time.map(|time| time.as_microsecond()))
            .bind(self.state.end().map(|time| time.as_microsecond()))
            .bind(self.revision)
            .push_list(" WHERE id IN", ids.iter().copied())
    }
}
