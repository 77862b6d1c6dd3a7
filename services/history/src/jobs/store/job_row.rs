//! Between a [`Job`] and the columns of its row.

use std::error::Error;

use jiff::Timestamp;
use pupila_core::{ArchiveId, ErrorCode, JobId, UserId};
use pupila_db::{DatabaseError, Dialect, Row};
use pupila_queue::Priority;
use uuid::Uuid;

use crate::jobs::{Failure, ItemCounts, Job, JobError, JobState};

pub(super) type Cause = Box<dyn Error + Send + Sync>;

/// Reads whole jobs; what is pushed after it says from where.
pub(super) const COLUMNS: &str = "SELECT id, owner, name, state, priority, steps, silent, archive_id, unpacking, \
     total, queued, running, succeeded, failed, cancelled, failure_code, failure_reason, failure_detail, \
     create_time, start_time, end_time, update_time, revision";

/// The job that a row holds.
pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<Job, JobError> {
    try_read(row).map_err(unreadable)
}

/// Columns that make nothing of ours.
pub(super) fn unreadable(cause: Cause) -> JobError {
    match cause.downcast::<DatabaseError>() {
        Ok(error) => (*error).into(),
        Err(cause) => JobError::Encoding(cause.into()),
    }
}

fn try_read<DB: Dialect>(row: &Row<DB>) -> Result<Job, Cause> {
    Ok(Job {
        id: JobId::from_uuid(row.get("id")?),
        owner: UserId::from_uuid(row.get("owner")?),
        name: row.get("name")?,
        state: state(row)?,
        priority: priority(row)?,
        steps: serde_json::from_str(&row.get::<String>("steps")?)?,
        silent: row.get("silent")?,
        counts: ItemCounts {
            total: row.get("total")?,
            queued: row.get("queued")?,
            running: row.get("running")?,
            succeeded: row.get("succeeded")?,
            failed: row.get("failed")?,
            cancelled: row.get("cancelled")?,
        },
        archive: row
            .get::<Option<Uuid>>("archive_id")?
            .map(ArchiveId::from_uuid),
        unpacking: row.get("unpacking")?,
        failure: failure(row)?,
        create_time: time(row, "create_time")?.ok_or("create_time")?,
        start_time: time(row, "start_time")?,
        end_time: time(row, "end_time")?,
        update_time: time(row, "update_time")?.ok_or("update_time")?,
        revision: row.get("revision")?,
    })
}

pub(super) fn state<DB: Dialect>(row: &Row<DB>) -> Result<JobState, Cause> {
    let text: String = row.get("state")?;
    Ok(JobState::from_name(&text).ok_or("state")?)
}

pub(super) fn priority<DB: Dialect>(row: &Row<DB>) -> Result<Priority, Cause> {
    let text: String = row.get("priority")?;
    let known = [Priority::Interactive, Priority::Batch];
    let named = known.into_iter().find(|known| known.as_str() == text);
    Ok(named.ok_or("priority")?)
}

pub(super) fn failure<DB: Dialect>(row: &Row<DB>) -> Result<Option<Failure>, Cause> {
    let Some(code) = row.get::<Option<String>>("failure_code")? else {
        return Ok(None);
    };
    let code = ErrorCode::from_name(&code).ok_or("failure_code")?;
    let text = |column| {
        row.get::<Option<String>>(column)
            .map(Option::unwrap_or_default)
    };
    let (reason, detail) = (text("failure_reason")?, text("failure_detail")?);
    Ok(Some(Failure::new(code, &reason, &detail)))
}

pub(super) fn time<DB: Dialect>(row: &Row<DB>, column: &str) -> Result<Option<Timestamp>, Cause> {
    let time = row.get::<Option<i64>>(column)?;
    Ok(time.map(Timestamp::from_microsecond).transpose()?)
}
