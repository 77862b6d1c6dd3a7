//! Between a [`Task`] and the columns of its row.

use pupila_core::{ImageId, JobId, LeaseId, TaskId};
use pupila_db::{Dialect, Row};
use pupila_queue::WorkerName;
use uuid::Uuid;

use super::job_row::{Cause, failure, state, time, unreadable};
use crate::jobs::{JobError, JobState, Lease, Task, TaskKind, TaskState, Work};

/// Reads whole tasks; what is pushed after it says from where.
pub(super) const COLUMNS: &str = "SELECT id, job_id, kind, position, filename, image_id, route, state, attempts, \
     due_time, next_time, worker, lease, failure_code, failure_reason, failure_detail, \
     create_time, start_time, end_time, revision";

/// The task that a row holds.
pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<Task, JobError> {
    try_read(row).map_err(unreadable)
}

fn try_read<DB: Dialect>(row: &Row<DB>) -> Result<Task, Cause> {
    Ok(Task {
        id: TaskId::from_uuid(row.get("id")?),
        job: JobId::from_uuid(row.get("job_id")?),
        work: work(row)?,
        state: task_state(row)?,
        attempts: row.get::<i64>("attempts")?.try_into()?,
        create_time: time(row, "create_time")?.ok_or("create_time")?,
        start_time: time(row, "start_time")?,
        revision: row.get("revision")?,
    })
}

fn work<DB: Dialect>(row: &Row<DB>) -> Result<Work, Cause> {
    let kind: String = row.get("kind")?;
    Ok(match TaskKind::from_name(&kind).ok_or("kind")? {
        TaskKind::Process => Work::Process {
            position: row
                .get::<Option<i64>>("position")?
                .ok_or("position")?
                .try_into()?,
            filename: row.get("filename")?,
            image: row.get::<Option<Uuid>>("image_id")?.map(ImageId::from_uuid),
        },
        TaskKind::Unpack => Work::Unpack,
        TaskKind::Notify => Work::Notify,
        TaskKind::Deliver => Work::Deliver {
            route: row.get("route")?,
        },
    })
}

fn task_state<DB: Dialect>(row: &Row<DB>) -> Result<TaskState, Cause> {
    let failure = failure(row)?;
    let time = |column| time(row, column)?.ok_or_else(|| Cause::from(column));
    Ok(match state(row)? {
        JobState::Queued => TaskState::Queued {
            due: time("due_time")?,
            wake: time("next_time")?,
            failure,
        },
        JobState::Running => TaskState::Running {
            lease: Lease {
                id: LeaseId::from_uuid(row.get::<Option<Uuid>>("lease")?.ok_or("lease")?),
                worker: WorkerName::new(row.get::<Option<String>>("worker")?.ok_or("worker")?),
                until: time("next_time")?,
            },
            failure,
        },
        JobState::Succeeded => TaskState::Succeeded {
            end: time("end_time")?,
        },
        JobState::Failed => TaskState::Failed {
            end: time("end_time")?,
            failure: failure.ok_or("failure_code")?,
        },
        JobState::Cancelled => TaskState::Cancelled {
            end: time("end_time")?,
        },
    })
}
