//! What changed since.

use pupila_core::{Cursor, JobId, UserId};
use pupila_db::{Dialect, Statement};

use super::super::{job_row, task_row};
use crate::jobs::{Job, JobError, Place};

/// A job's items that changed after `seen`, in the order in which they did.
pub(super) fn of_items<DB: Dialect>(job: JobId, seen: Place, limit: u32) -> Statement<DB> {
    Statement::new(task_row::COLUMNS)
        .push(" FROM tasks")
        .through_index("tasks_by_revision")
        .push(" WHERE job_id = ? AND revision >= ? AND (revision > ? OR position > ?)")
        .push(" AND position IS NOT NULL")
        .bind(job.as_uuid())
        .bind(seen.revision)
        .bind(seen.revision)
        .bind(seen.position)
        .push(" ORDER BY revision, position LIMIT ?")
        .bind(i64::from(limit))
}

/// Those of the jobs that are the owner's.
pub(super) fn by_ids<DB: Dialect>(owner: UserId, ids: &[JobId]) -> Statement<DB> {
    Statement::new(job_row::COLUMNS)
        .push(" FROM jobs")
        .push_list(" WHERE id IN", ids.iter().map(JobId::as_uuid))
        .push(" AND owner = ?")
        .bind(owner.as_uuid())
}

/// The owner's jobs that changed after the cursor, in the order in which they did.
pub(super) fn of_jobs<DB: Dialect>(owner: UserId, after: Cursor, limit: u32) -> Statement<DB> {
    Statement::new(job_row::COLUMNS)
        .push(" FROM jobs")
        .through_index("jobs_by_owner_update")
        .push(" WHERE owner = ? AND update_time >= ? AND (update_time > ? OR id > ?)")
        .bind(owner.as_uuid())
        .bind(after.key)
        .bind(after.key)
        .bind(after.id)
        .push(" ORDER BY update_time, id LIMIT ?")
        .bind(i64::from(limit))
}

/// The jobs that a statement finds.
pub(super) async fn fetch<DB: Dialect>(
    connection: &mut DB::Connection,
    select: Statement<DB>,
) -> Result<Vec<Job>, JobError> {
    let rows = select.fetch_all(connection).await?;
    rows.iter().map(job_row::read).collect()
}
