//! What workers ask for without a job's row: until when leases last, and who works. No task changes its state here.

use jiff::Timestamp;
use pupila_core::{LeaseId, TaskId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use uuid::Uuid;

use super::job_row::unreadable;
use crate::jobs::{Heartbeat, JobError, Leased, Worker};

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
    until_then::<DB>(&kept, until).execute(connection).await?;
    Ok(lost.into_iter().map(|leased| leased.task).collect())
}

/// Those of the tasks that are still under their leases are so until then.
pub(super) fn until_then<DB: Dialect>(tasks: &[Leased], until: Timestamp) -> Statement<DB> {
    let (ids, leases) = (
        tasks.iter().map(|leased| leased.task.as_uuid()),
        tasks.iter().map(|leased| leased.lease.as_uuid()),
    );
    Statement::new("UPDATE tasks")
        .through_key()
        .push(" SET next_time = ?")
        .bind(until.as_microsecond())
        .push_list(" WHERE id IN", ids)
        .push_list(" AND lease IN", leases)
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
