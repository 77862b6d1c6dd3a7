//! Changes under the rows of the jobs that they are about.
//!
//! Whoever changes a task holds its job's row, and rows of jobs are locked in the order of their ids: nobody waits in a
//! circle for jobs. Tasks are found before the transaction begins, because what a transaction reads first is what it
//! believes in to its end.

use std::collections::BTreeSet;

use pupila_core::{Clock, JobId, TaskId};
use pupila_db::{DatabaseError, Dialect, Pools, Statement};
use uuid::Uuid;

use super::{backlog, job_row, persist::persist, task_row, write};
use crate::jobs::{Aftermath, Job, JobError, JobState, Task, held::Held};

/// Whose rows are held.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// These tasks', with their jobs'.
    Tasks(&'a [TaskId]),
    /// This job's, with all that have a part in it and are in one of these states.
    Job(JobId, &'a [JobState]),
}

/// Changes jobs and tasks together or not at all. The time is read once they are held: who waited for that must not be
/// given a lease that has run out, and watchers look back for changes only so far.
pub(super) async fn change<DB: Dialect, R: Send>(
    pools: &Pools<DB>,
    clock: &dyn Clock,
    whose: Whose<'_>,
    rule: impl Fn(&mut Held) -> Result<R, JobError> + Send + Sync,
) -> Result<(R, Aftermath), JobError> {
    let attempt = || try_change(pools, clock, whose, &rule);
    persist(JobError::is_deadlock, attempt).await
}

async fn try_change<DB: Dialect, R: Send>(
    pools: &Pools<DB>,
    clock: &dyn Clock,
    whose: Whose<'_>,
    rule: &(impl Fn(&mut Held) -> Result<R, JobError> + Send + Sync),
) -> Result<(R, Aftermath), JobError> {
    let jobs = match whose {
        Whose::Tasks(tasks) => jobs_of(pools, tasks).await?,
        Whose::Job(job, _) => vec![job.as_uuid()],
    };
    let mut transaction = pools.transaction().await?;
    let jobs = lock_jobs::<DB>(&mut transaction, jobs).await?;
    let tasks = lock_tasks::<DB>(&mut transaction, whose).await?;
    let now = clock.now();
    let mut held = Held::new(now, jobs, tasks);
    let answer = rule(&mut held)?;
    let (diff, aftermath) = held.close();
    if let Some(claim) = diff.claim {
        backlog::make_room::<DB>(&mut transaction, claim).await?;
    }
    write::diff::<DB>(&mut transaction, now, diff).await?;
    transaction.commit().await.map_err(DatabaseError::from)?;
    Ok((answer, aftermath))
}

/// The jobs of tasks, each once. A task never changes its job.
async fn jobs_of<DB: Dialect>(
    pools: &Pools<DB>,
    tasks: &[TaskId],
) -> Result<Vec<Uuid>, DatabaseError> {
    let ids = tasks.iter().map(|task| task.as_uuid());
    let select = Statement::<DB>::new("SELECT job_id FROM tasks").push_list(" WHERE id IN", ids);
    let mut reader = pools.reader().await?;
    let rows = select.fetch_all(&mut reader).await?;
    let jobs: BTreeSet<Uuid> = rows
        .iter()
        .map(|row| row.get("job_id"))
        .collect::<Result<_, _>>()?;
    Ok(jobs.into_iter().collect())
}

async fn lock_jobs<DB: Dialect>(
    transaction: &mut DB::Connection,
    ids: Vec<Uuid>,
) -> Result<Vec<Job>, JobError> {
    let rows = jobs::<DB>(ids).fetch_all(transaction).await?;
    rows.iter().map(job_row::read).collect()
}

async fn lock_tasks<DB: Dialect>(
    transaction: &mut DB::Connection,
    whose: Whose<'_>,
) -> Result<Vec<Task>, JobError> {
    let rows = tasks::<DB>(whose).fetch_all(transaction).await?;
    rows.iter().map(task_row::read).collect()
}

/// Locks jobs in the order of their ids.
pub(super) fn jobs<DB: Dialect>(ids: Vec<Uuid>) -> Statement<DB> {
    Statement::new(job_row::COLUMNS)
        .push(" FROM jobs")
        .through_key()
        .push_list(" WHERE id IN", ids)
        .push(" ORDER BY id")
        .locking()
}

/// Locks tasks, and none of another job: all that a statement comes past on its way is locked.
pub(super) fn tasks<DB: Dialect>(whose: Whose<'_>) -> Statement<DB> {
    let select = Statement::new(task_row::COLUMNS).push(" FROM tasks");
    let select = match whose {
        Whose::Tasks(tasks) => select
            .through_key()
            .push_list(" WHERE id IN", tasks.iter().map(|task| task.as_uuid()))
            .push(" ORDER BY id"),
        Whose::Job(job, states) => {
            let states = states.iter().map(|state| state.as_str().to_owned());
            select
                .through_index("tasks_by_position")
                .push(" WHERE job_id = ? AND kind IN ('process', 'unpack')")
                .bind(job.as_uuid())
                .push_list(" AND state IN", states)
        }
    };
    select.locking()
}

#[cfg(test)]
mod tests;
