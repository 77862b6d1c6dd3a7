//! Reading jobs and their items, page by page.

use pupila_core::{Cursor, JobId, Listing, Page, UserId};
use pupila_db::{DatabaseError, Dialect, Statement};

use super::{job_row, result_row, task_row};
use crate::jobs::{Item, Job, JobError, JobState};

/// One of the owner's jobs.
pub(super) async fn job<DB: Dialect>(
    connection: &mut DB::Connection,
    owner: UserId,
    id: JobId,
) -> Result<Option<Job>, JobError> {
    let select = Statement::<DB>::new(job_row::COLUMNS)
        .push(" FROM jobs WHERE id = ? AND owner = ?")
        .bind(id.as_uuid())
        .bind(owner.as_uuid());
    let found = select.fetch_optional(connection).await?;
    found.as_ref().map(job_row::read).transpose()
}

/// Adds to a `SELECT` which page of the owner's jobs it reads, the newest first. Those of one state may be rare, and have an
/// index of their own.
pub(super) fn page_of_jobs<DB: Dialect>(
    select: Statement<DB>,
    owner: UserId,
    state: Option<JobState>,
    page: Page,
) -> Statement<DB> {
    let index = match state {
        Some(_) => "jobs_by_owner_state",
        None => "jobs_by_owner",
    };
    let select = select
        .push(" FROM jobs")
        .through_index(index)
        .push(" WHERE owner = ?")
        .bind(owner.as_uuid())
        .push_some(" AND state = ?", state.map(name));
    let select = match page.after() {
        Some(Cursor { key, id }) => select
            .push(" AND create_time <= ? AND (create_time < ? OR id < ?)")
            .bind(key)
            .bind(key)
            .bind(id),
        None => select,
    };
    select
        .push(" ORDER BY create_time DESC, id DESC LIMIT ?")
        .bind(i64::from(page.size() + 1))
}

/// Adds to a `SELECT` which page of a job's items it reads, by position. A job has so few that those of another state
/// may be read along.
pub(super) fn page_of_items<DB: Dialect>(
    select: Statement<DB>,
    job: JobId,
    state: Option<JobState>,
    page: Page,
) -> Statement<DB> {
    select
        .push(" FROM tasks")
        .through_index("tasks_by_position")
        .push(" WHERE job_id = ? AND position > ?")
        .bind(job.as_uuid())
        .bind(page.after().map_or(-1, |last| last.key))
        .push_some(" AND state = ?", state.map(name))
        .push(" ORDER BY position LIMIT ?")
        .bind(i64::from(page.size() + 1))
}

/// The items that a statement finds, with what came out of each.
pub(super) async fn items<DB: Dialect>(
    connection: &mut DB::Connection,
    select: Statement<DB>,
) -> Result<Vec<Item>, JobError> {
    let rows = select.fetch_all(connection).await?;
    let tasks: Vec<_> = rows.iter().map(task_row::read).collect::<Result<_, _>>()?;
    let mut results =
        result_row::of_tasks::<DB>(connection, tasks.iter().map(|task| task.id)).await?;
    let items = tasks.into_iter().filter_map(|task| {
        let results = results.remove(&task.id).unwrap_or_default();
        Item::of(task, results)
    });
    Ok(items.collect())
}

fn name(state: JobState) -> String {
    state.as_str().to_owned()
}

/// The jobs that a statement finds, cut to their page.
pub(super) async fn jobs<DB: Dialect>(
    connection: &mut DB::Connection,
    select: Statement<DB>,
    page: Page,
) -> Result<Listing<Job>, JobError> {
    let rows: Result<_, DatabaseError> = select.fetch_all(connection).await;
    let jobs: Vec<_> = rows?.iter().map(job_row::read).collect::<Result<_, _>>()?;
    Ok(page.cut(jobs, Job::cursor))
}
