//! Forgetting what nobody asks for any more.

use jiff::Timestamp;
use pupila_db::{DatabaseError, Dialect, Pools, Statement};
use uuid::Uuid;

use super::persist::persist;
use crate::jobs::{JobError, JobState, task::LATELY};

const ENDED: [JobState; 3] = [JobState::Succeeded, JobState::Failed, JobState::Cancelled];

/// Forgets ends that are not of late any more, `at_once` at a time, and workers that were not heard of.
pub(super) async fn tidy<DB: Dialect>(
    pools: &Pools<DB>,
    now: Timestamp,
    at_once: u32,
) -> Result<(), JobError> {
    for state in ENDED {
        let some = || forget(pools, state, now, at_once);
        while persist(JobError::is_deadlock, some).await? == at_once as usize {}
    }
    let forget = Statement::<DB>::new("DELETE FROM workers WHERE seen_time < ?")
        .bind((now - LATELY).as_microsecond());
    let mut writer = pools.writer().await?;
    Ok(forget.execute(&mut writer).await?)
}

/// Deletes notices, and lets failures of items count no longer. How many there were.
async fn forget<DB: Dialect>(
    pools: &Pools<DB>,
    state: JobState,
    now: Timestamp,
    at_most: u32,
) -> Result<usize, JobError> {
    let select = past(Statement::<DB>::new("SELECT id"), state, now, at_most);
    let mut reader = pools.reader().await?;
    let rows = select.fetch_all(&mut reader).await?;
    drop(reader);
    let ids = rows.iter().map(|row| row.get("id"));
    let ids: Vec<Uuid> = ids.collect::<Result<_, DatabaseError>>()?;
    if ids.is_empty() {
        return Ok(0);
    }
    let delete = Statement::<DB>::new("DELETE FROM tasks")
        .push_list(" WHERE id IN", ids.iter().copied())
        .push(" AND kind IN ('notify', 'deliver')");
    // One that was asked for again meanwhile goes on.
    let leave = leave::<DB>(&ids, state, now);
    let mut writer = pools.writer().await?;
    delete.execute(&mut writer).await?;
    leave.execute(&mut writer).await?;
    Ok(ids.len())
}

/// Nobody looks any more at those tasks that are still in that state, and past.
pub(super) fn leave<DB: Dialect>(ids: &[Uuid], state: JobState, now: Timestamp) -> Statement<DB> {
    Statement::new("UPDATE tasks")
        .through_key()
        .push(" SET next_time = NULL")
        .push_list(" WHERE id IN", ids.iter().copied())
        .push(" AND state = ? AND next_time <= ?")
        .bind(state.as_str().to_owned())
        .bind(now.as_microsecond())
}

/// Adds to a `SELECT` those tasks of one state whose next time has come.
pub(super) fn past<DB: Dialect>(
    select: Statement<DB>,
    state: JobState,
    now: Timestamp,
    at_most: u32,
) -> Statement<DB> {
    select
        .push(" FROM tasks")
        .through_index("tasks_by_next_time")
        .push(" WHERE state = ? AND next_time <= ? ORDER BY next_time LIMIT ?")
        .bind(state.as_str().to_owned())
        .bind(now.as_microsecond())
        .bind(i64::from(at_most))
}
