//! Tasks that wait, and are offered again where nobody took them.

use jiff::Timestamp;
use pupila_core::{Cursor, Listing, TaskId, UserId};
use pupila_db::{Dialect, Pools, Row, Statement};
use pupila_queue::Ticket;

use super::{
    due::{self, Stretch},
    job_row::{Cause, priority, time, unreadable},
    persist::persist,
};
use crate::jobs::{JobError, JobState};

/// A task that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sleeper {
    /// What it is offered by.
    pub ticket: Ticket,
    /// When it may be taken.
    pub due: Timestamp,
    /// When it is offered again.
    pub wake: Timestamp,
}

/// Tasks that wait and are offered again not after `until`, as far as each can be read.
pub(super) async fn sleepers<DB: Dialect>(
    pools: &Pools<DB>,
    after: Option<Cursor>,
    until: Timestamp,
    at_most: u32,
) -> Result<Listing<Result<Sleeper, JobError>>, JobError> {
    let stretch = Stretch {
        state: JobState::Queued,
        after,
        until,
        at_most,
    };
    due::fetch(pools, COLUMNS, stretch, read).await
}

/// Puts the next offer of tasks off. Whether there was any to put off.
pub(super) async fn remind<DB: Dialect>(
    pools: &Pools<DB>,
    tasks: &[Sleeper],
    now: Timestamp,
    wake: Timestamp,
) -> Result<bool, JobError> {
    let attempt = || async {
        let mut writer = pools.writer().await?;
        let claimed = claim::<DB>(tasks, now, wake).rows_affected(&mut writer);
        Ok(claimed.await? > 0)
    };
    persist(JobError::is_deadlock, attempt).await
}

/// Puts the next offer of tasks that wait off until `wake`: of those that were to be offered by `now`, so that of several
/// processes one does.
pub(super) fn claim<DB: Dialect>(
    tasks: &[Sleeper],
    now: Timestamp,
    wake: Timestamp,
) -> Statement<DB> {
    let ids = tasks.iter().map(|task| task.ticket.task.as_uuid());
    Statement::new("UPDATE tasks")
        .through_key()
        .push(" SET next_time = ?")
        .bind(wake.as_microsecond())
        .push_list(" WHERE id IN", ids)
        .push(" AND state = 'queued' AND next_time <= ?")
        .bind(now.as_microsecond())
}

/// What a [`Sleeper`] is read from.
const COLUMNS: &str = "SELECT id, owner, priority, due_time, next_time";

fn read<DB: Dialect>(row: &Row<DB>) -> Result<Sleeper, JobError> {
    try_read(row).map_err(unreadable)
}

fn try_read<DB: Dialect>(row: &Row<DB>) -> Result<Sleeper, Cause> {
    Ok(Sleeper {
        ticket: Ticket {
            task: TaskId::from_uuid(row.get("id")?),
            owner: UserId::from_uuid(row.get("owner")?),
            priority: priority(row)?,
        },
        due: time(row, "due_time")?.ok_or("due_time")?,
        wake: time(row, "next_time")?.ok_or("next_time")?,
    })
}
