//! New rows, many in one statement.

use pupila_core::UserId;
use pupila_db::{Dialect, Statement};
use pupila_queue::Priority;

use super::job_row::unreadable;
use crate::jobs::{
    Draft, Failure, Job, JobError, Product, RecordedPrediction, StepResult, Task, Work, held::Yield,
};

/// Most rows that one statement inserts: with the columns of a job some five thousand values, of the 32,766 that
/// SQLite takes. <https://www.sqlite.org/limits.html#max_variable_number>
const BATCH: usize = 256;

const JOBS: &str = "INSERT INTO jobs (id, owner, name, state, priority, steps, silent, archive_id, unpacking, \
     total, queued, running, succeeded, failed, cancelled, create_time, end_time, update_time, revision, \
     idempotency_key, request_sha256) VALUES ";
const JOB: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, ?, ?, ?, ?, ?, ?)";

const TASKS: &str = "INSERT INTO tasks (id, job_id, owner, priority, kind, position, filename, image_id, route, \
     state, attempts, due_time, next_time, failure_code, failure_reason, failure_detail, create_time, end_time, \
     revision) VALUES ";
const TASK: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)";

const RESULTS: &str = "INSERT INTO results (task_id, step, job_id, image_id, image_name, image_format, \
     image_width, image_height, prediction_id, model, version, label, score) VALUES ";
const RESULT: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// A task without a row, with what its row repeats of its job.
pub(super) struct NewTask<'a> {
    pub(super) task: &'a Task,
    pub(super) owner: UserId,
    pub(super) priority: Priority,
}

/// Inserts jobs.
pub(super) async fn jobs<DB: Dialect>(
    transaction: &mut DB::Connection,
    drafts: &[&Draft],
) -> Result<(), JobError> {
    for drafts in batches(drafts) {
        let mut insert = Statement::<DB>::new(JOBS);
        for (n, draft) in drafts.iter().enumerate() {
            insert = job(row(insert, n, JOB), draft)?;
        }
        insert.execute(transaction).await?;
    }
    Ok(())
}

/// Inserts tasks.
pub(super) async fn tasks<DB: Dialect>(
    transaction: &mut DB::Connection,
    tasks: &[NewTask<'_>],
) -> Result<(), JobError> {
    for tasks in batches(tasks) {
        let mut insert = Statement::<DB>::new(TASKS);
        for (n, new) in tasks.iter().enumerate() {
            insert = task(row(insert, n, TASK), new);
        }
        insert.execute(transaction).await?;
    }
    Ok(())
}

/// Inserts what came out of tasks.
pub(super) async fn results<DB: Dialect>(
    transaction: &mut DB::Connection,
    yields: &[Yield],
) -> Result<(), JobError> {
    let rows: Vec<_> = yields
        .iter()
        .flat_map(|of| of.results.iter().map(move |result| (of, result)))
        .collect();
    for rows in batches(&rows) {
        let mut insert = Statement::<DB>::new(RESULTS);
        for (n, (of, one)) in rows.iter().enumerate() {
            insert = result(row(insert, n, RESULT), of, one);
        }
        insert.execute(transaction).await?;
    }
    Ok(())
}

/// Cuts rows into powers of two: so there are few texts, each of which is prepared once.
pub(super) fn batches<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let most = rows.len().min(BATCH);
        let (batch, rest) = rows.split_at_checked(1 << most.checked_ilog2()?)?;
        rows = rest;
        Some(batch)
    })
}

/// Binds the three columns of a failure.
pub(super) fn failure<DB: Dialect>(
    statement: Statement<DB>,
    failure: Option<&Failure>,
) -> Statement<DB> {
    statement
        .bind(failure.map(|failure| failure.code().to_owned()))
        .bind(failure.map(|failure| failure.reason().to_owned()))
        .bind(failure.map(|failure| failure.detail().to_owned()))
}

fn row<DB: Dialect>(insert: Statement<DB>, n: usize, row: &'static str) -> Statement<DB> {
    match n {
        0 => insert.push(row),
        _ => insert.push(", ").push(row),
    }
}

fn job<DB: Dialect>(insert: Statement<DB>, draft: &Draft) -> Result<Statement<DB>, JobError> {
    let Draft { job, key, .. } = draft;
    let Job { counts, .. } = job;
    let steps = serde_json::to_string(&job.steps).map_err(|error| unreadable(error.into()))?;
    Ok(insert
        .bind(job.id.as_uuid())
        .bind(job.owner.as_uuid())
        .bind(job.name.clone())
        .bind(job.state.as_str().to_owned())
        .bind(job.priority.as_str().to_owned())
        .bind(steps)
        .bind(job.silent)
        .bind(job.archive.map(|archive| archive.as_uuid()))
        .bind(job.unpacking)
        .bind(counts.total)
        .bind(counts.queued)
        .bind(counts.failed)
        .bind(job.create_time.as_microsecond())
        .bind(job.end_time.map(|time| time.as_microsecond()))
        .bind(job.update_time.as_microsecond())
        .bind(job.revision)
        .bind(key.as_ref().map(|(key, _)| key.as_str().to_owned()))
        .bind(key.as_ref().map(|(_, digest)| digest.as_bytes().to_vec())))
}

fn task<DB: Dialect>(insert: Statement<DB>, new: &NewTask<'_>) -> Statement<DB> {
    let NewTask {
        task,
        owner,
        priority,
    } = new;
    let (position, filename, image) = match &task.work {
        Work::Process {
            position,
            filename,
            image,
        } => (Some(i64::from(*position)), filename.as_str(), *image),
        _ => (None, "", None),
    };
    let route = match &task.work {
        Work::Deliver { route } => route.as_str(),
        _ => "",
    };
    let insert = insert
        .bind(task.id.as_uuid())
        .bind(task.job.as_uuid())
        .bind(owner.as_uuid())
        .bind(task.work.kind().priority(*priority).as_str().to_owned())
        .bind(task.work.kind().as_str().to_owned())
        .bind(position)
        .bind(filename.to_owned())
        .bind(image.map(|id| id.as_uuid()))
        .bind(route.to_owned())
        .bind(task.state.state().as_str().to_owned())
        .bind(task.state.due().map(|time| time.as_microsecond()))
        .bind(task.next_time().map(|time| time.as_microsecond()));
    failure(insert, task.state.failure())
        .bind(task.create_time.as_microsecond())
        .bind(task.state.end().map(|time| time.as_microsecond()))
        .bind(task.revision)
}

fn result<DB: Dialect>(insert: Statement<DB>, of: &Yield, result: &StepResult) -> Statement<DB> {
    let (image, prediction) = match &result.product {
        Product::Image(image) => (Some(image), None),
        Product::Prediction(prediction) => (None, Some(prediction)),
    };
    let version = |of: &RecordedPrediction| i64::from(of.version);
    insert
        .bind(of.task.as_uuid())
        .bind(i64::from(result.step))
        .bind(of.job.as_uuid())
        .bind(image.map(|image| image.id.as_uuid()))
        .bind(image.map(|image| image.name.clone()))
        .bind(image.map(|image| image.format.clone()))
        .bind(image.map(|image| i64::from(image.width)))
        .bind(image.map(|image| i64::from(image.height)))
        .bind(prediction.map(|prediction| prediction.id.as_uuid()))
        .bind(prediction.map(|prediction| prediction.model.clone()))
        .bind(prediction.map(version))
        .bind(prediction.map(|prediction| prediction.label.clone()))
        .bind(prediction.map(|prediction| prediction.score))
}
