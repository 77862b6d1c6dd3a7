//! What workers and sweeps ask for without a job's row: they change no state.

use jiff::{SignedDuration, Timestamp};
use pupila_core::{LeaseId, TaskId, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use pupila_queue::Ticket;
use uuid::Uuid;

use super::job_row::{Cause, priority, time, unreadable};
use crate::jobs::{Heartbeat, JobError, Leased, Worker, task::REMINDER};

/// Finished notices, and workers that were not heard of, are kept for so long.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

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

/// Lengthens leases, and writes down that the worker lives. Answers the tasks that are the worker's no more.
pub(super) async fn renew<DB: Dialect>(
    connection: &mut DB::Connection,
    beat: &Heartbeat,
) -> Result<Vec<TaskId>, JobError> {
    // Leases end; that it was seen can wait.
    let lost = match beat.tasks.as_slice() {
        [] => Vec::new(),
        tasks => lengthen::<DB>(connection, tasks, beat.until).await?,
    };
    see::<DB>(connection, &beat.worker).await?;
    Ok(lost)
}

/// Lengthens leases. Answers the tasks that are under another lease, or none.
async fn lengthen<DB: Dialect>(
    connection: &mut DB::Connection,
    tasks: &[Leased],
    until: Timestamp,
) -> Result<Vec<TaskId>, JobError> {
    let ids = tasks.iter().map(|leased| leased.task.as_uuid());
    let select = Statement::<DB>::new("SELECT id, lease FROM tasks").push_list(" WHERE id IN", ids);
    let rows = select.fetch_all(connection).await?;
    let held: Vec<_> = rows.iter().map(leased).collect::<Result<_, _>>()?;
    let (kept, lost): (Vec<Leased>, Vec<_>) = tasks
        .iter()
        .partition(|leased| held.contains(&Some(**leased)));
    let lengthen = Statement::<DB>::new("UPDATE tasks SET lease_expire_time = ?")
        .bind(until.as_microsecond())
        .push_list(
            " WHERE id IN",
            kept.iter().map(|leased| leased.task.as_uuid()),
        )
        .push_list(
            " AND lease IN",
            kept.iter().map(|leased| leased.lease.as_uuid()),
        );
    lengthen.execute(connection).await?;
    Ok(lost.into_iter().map(|leased| leased.task).collect())
}

fn leased<DB: Dialect>(row: &Row<DB>) -> Result<Option<Leased>, DatabaseError> {
    let task = TaskId::from_uuid(row.get("id")?);
    let lease = row.get::<Option<Uuid>>("lease")?.map(LeaseId::from_uuid);
    Ok(lease.map(|lease| Leased { task, lease }))
}

async fn see<DB: Dialect>(
    connection: &mut DB::Connection,
    worker: &Worker,
) -> Result<(), JobError> {
    let parked_by = serde_json::to_string(&worker.parked_by);
    let parked_by = parked_by.map_err(|error| unreadable(error.into()))?;
    let facts = |statement: Statement<DB>| {
        statement
            .bind(worker.seen_time.as_microsecond())
            .bind(i64::from(worker.capacity))
            .bind(i64::from(worker.running))
            .bind(parked_by.clone())
            .bind(worker.name.as_str().to_owned())
    };
    let update = facts(Statement::new(
        "UPDATE workers SET seen_time = ?, capacity = ?, running = ?, parked_by = ? WHERE name = ?",
    ));
    if update.rows_affected(connection).await? > 0 {
        return Ok(());
    }
    let insert = facts(Statement::new(
        "INSERT INTO workers (seen_time, capacity, running, parked_by, name) VALUES (?, ?, ?, ?, ?)",
    ));
    match insert.execute(connection).await {
        // It was heard of at the same time by another process.
        Err(error) if error.is_unique_violation() => Ok(()),
        inserted => Ok(inserted?),
    }
}

/// Adds to a `SELECT` those tasks whose lease has run out.
pub(super) fn expired<DB: Dialect>(
    select: Statement<DB>,
    now: Timestamp,
    at_most: u32,
) -> Statement<DB> {
    select
        .push(" FROM tasks")
        .through_index("tasks_by_lease")
        .push(" WHERE lease_expire_time <= ? ORDER BY lease_expire_time LIMIT ?")
        .bind(now.as_microsecond())
        .bind(i64::from(at_most))
}

/// Adds to a `SELECT` those tasks that wait and are offered again after `after`, and not after `until`.
pub(super) fn sleepers<DB: Dialect>(
    select: Statement<DB>,
    after: Option<&Sleeper>,
    until: Timestamp,
    at_most: u32,
) -> Statement<DB> {
    let wake = after.map_or(i64::MIN, |last| last.wake.as_microsecond());
    let id = after.map_or(Uuid::nil(), |last| last.ticket.task.as_uuid());
    select
        .push(" FROM tasks")
        .through_index("tasks_by_wake_time")
        .push(" WHERE wake_time >= ? AND wake_time <= ? AND (wake_time > ? OR id > ?)")
        .bind(wake)
        .bind(until.as_microsecond())
        .bind(wake)
        .bind(id)
        .push(" ORDER BY wake_time, id LIMIT ?")
        .bind(i64::from(at_most))
}

/// What a [`Sleeper`] is read from.
pub(super) const SLEEPER: &str = "SELECT id, owner, priority, due_time, wake_time";

pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<Sleeper, JobError> {
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
        wake: time(row, "wake_time")?.ok_or("wake_time")?,
    })
}

/// Writes down that tasks were offered: they are offered again later.
pub(super) fn remind<DB: Dialect>(now: Timestamp, tasks: &[Sleeper]) -> Statement<DB> {
    let ids = tasks.iter().map(|task| task.ticket.task.as_uuid());
    Statement::new("UPDATE tasks SET wake_time = ?")
        .bind((now + REMINDER).as_microsecond())
        .push_list(" WHERE id IN", ids)
        .push(" AND wake_time IS NOT NULL")
}

/// Deletes what nobody asks for any more.
pub(super) async fn tidy<DB: Dialect>(
    connection: &mut DB::Connection,
    now: Timestamp,
    at_most: u32,
) -> Result<(), JobError> {
    let before = now - KEPT;
    for kind in ["notify", "deliver"] {
        let select = old_notices(Statement::<DB>::new("SELECT id"), kind, before, at_most);
        let rows = select.fetch_all(connection).await?;
        let ids: Vec<Uuid> = rows
            .iter()
            .map(|row| row.get("id"))
            .collect::<Result<_, _>>()?;
        if !ids.is_empty() {
            let delete = Statement::<DB>::new("DELETE FROM tasks").push_list(" WHERE id IN", ids);
            delete.execute(connection).await?;
        }
    }
    let forget = Statement::<DB>::new("DELETE FROM workers WHERE seen_time < ?")
        .bind(before.as_microsecond());
    Ok(forget.execute(connection).await?)
}

/// Adds to a `SELECT` those notices of one kind that ended before a time.
pub(super) fn old_notices<DB: Dialect>(
    select: Statement<DB>,
    kind: &'static str,
    before: Timestamp,
    at_most: u32,
) -> Statement<DB> {
    select
        .push(" FROM tasks")
        .through_index("tasks_by_end")
        .push(" WHERE kind = ? AND end_time < ? LIMIT ?")
        .bind(kind.to_owned())
        .bind(before.as_microsecond())
        .bind(i64::from(at_most))
}
