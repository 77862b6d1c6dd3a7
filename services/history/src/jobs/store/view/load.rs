//! How much there is to do, counted by the database in indexes that hold all of it.

use jiff::Timestamp;
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use pupila_queue::{Priority, WorkerName};

use super::{super::job_row, report};
use crate::jobs::{
    JobError, JobState, Lane, Load, ReasonTally, Worker, failure::WORKER_LOST, load::ALIVE,
};

const QUEUED: &str = "SELECT priority, due_time <= ? AS due, COUNT(*) AS tasks, \
     MIN(due_time) AS oldest FROM tasks";
const RUNNING: &str = "SELECT priority, COUNT(*) AS tasks FROM tasks";
const DEAD: &str = "SELECT COUNT(*) AS tasks FROM tasks";
const FAILURES: &str = "SELECT failure_reason, COUNT(*) AS items FROM tasks";
const WORKERS: &str = "SELECT name, seen_time, capacity, running, parked_by FROM workers \
     WHERE seen_time > ? ORDER BY name LIMIT 1000";

/// Counts, in a transaction of which all statements see the same rows.
pub(super) async fn measure<DB: Dialect>(
    snapshot: &mut DB::Connection,
    now: Timestamp,
) -> Result<Load, JobError> {
    let mut lanes = [Priority::Interactive, Priority::Batch].map(Lane::empty);
    for row in queued::<DB>(now).fetch_all(snapshot).await? {
        let lane = lane(&mut lanes, &row)?;
        if row.get::<i64>("due")? == 0 {
            lane.delayed = tasks(&row)?;
        } else {
            lane.waiting = tasks(&row)?;
            lane.oldest = job_row::time(&row, "oldest").map_err(job_row::unreadable)?;
        }
    }
    for row in running::<DB>().fetch_all(snapshot).await? {
        lane(&mut lanes, &row)?.running = tasks(&row)?;
    }
    let workers = Statement::<DB>::new(WORKERS).bind((now - ALIVE).as_microsecond());
    let workers = workers.fetch_all(snapshot).await?;
    let dead = dead::<DB>(now).fetch_optional(snapshot).await?;
    Ok(Load {
        lanes,
        dead: dead.map_or(Ok(0), |row| tasks(&row))?,
        workers: workers.iter().map(worker).collect::<Result<_, _>>()?,
    })
}

/// Items that failed of late, by reason.
pub(super) async fn failures_of_late<DB: Dialect>(
    connection: &mut DB::Connection,
    now: Timestamp,
) -> Result<Vec<ReasonTally>, DatabaseError> {
    let select = failures(Statement::<DB>::new(FAILURES), now);
    let rows = select.fetch_all(connection).await?;
    rows.iter().map(report::reason).collect()
}

fn queued<DB: Dialect>(now: Timestamp) -> Statement<DB> {
    let select = Statement::new(QUEUED).bind(now.as_microsecond());
    of_state(select, JobState::Queued).push(" GROUP BY priority, due")
}

fn running<DB: Dialect>() -> Statement<DB> {
    of_state(Statement::new(RUNNING), JobState::Running).push(" GROUP BY priority")
}

/// No task fails for that reason otherwise.
fn dead<DB: Dialect>(now: Timestamp) -> Statement<DB> {
    of_state(Statement::new(DEAD), JobState::Failed)
        .push(" AND next_time > ? AND failure_reason = ?")
        .bind(now.as_microsecond())
        .bind(WORKER_LOST.to_owned())
}

/// Adds to a `SELECT` those items that failed of late: their end is forgotten after `now`.
fn failures<DB: Dialect>(select: Statement<DB>, now: Timestamp) -> Statement<DB> {
    of_state(select, JobState::Failed)
        .push(" AND next_time > ? AND kind = 'process'")
        .bind(now.as_microsecond())
        .push(" GROUP BY failure_reason ORDER BY items DESC, failure_reason LIMIT 100")
}

fn of_state<DB: Dialect>(select: Statement<DB>, state: JobState) -> Statement<DB> {
    select
        .through_index("tasks_by_next_time")
        .push(" WHERE state = ?")
        .bind(state.as_str().to_owned())
}

fn lane<'a, DB: Dialect>(
    lanes: &'a mut [Lane; 2],
    row: &Row<DB>,
) -> Result<&'a mut Lane, JobError> {
    let [interactive, batch] = lanes;
    Ok(match job_row::priority(row).map_err(job_row::unreadable)? {
        Priority::Interactive => interactive,
        Priority::Batch => batch,
    })
}

fn tasks<DB: Dialect>(row: &Row<DB>) -> Result<u64, DatabaseError> {
    // A count is not negative.
    Ok(row.get::<i64>("tasks")?.unsigned_abs())
}

fn worker<DB: Dialect>(row: &Row<DB>) -> Result<Worker, JobError> {
    let number = |column| {
        let number: Result<i64, DatabaseError> = row.get(column);
        // Written from a u32.
        number.map(|number| number.try_into().unwrap_or(u32::MAX))
    };
    let parked_by: String = row.get("parked_by")?;
    let seen = job_row::time(row, "seen_time").map_err(job_row::unreadable)?;
    Ok(Worker {
        name: WorkerName::new(row.get::<String>("name")?),
        seen_time: seen.unwrap_or_default(),
        capacity: number("capacity")?,
        running: number("running")?,
        parked_by: serde_json::from_str(&parked_by)
            .map_err(|cause| job_row::unreadable(Box::new(cause)))?,
    })
}
