//! Counts over what came out of a job, made by the database.

use pupila_core::JobId;
use pupila_db::{DatabaseError, Dialect, Row, Statement};

use crate::jobs::{LabelTally, ReasonTally, Report};

const LABELS: &str =
    "SELECT step, model, label, COUNT(*) AS items, AVG(score) AS mean_score FROM results";
const FAILURES: &str = "SELECT failure_reason, COUNT(*) AS items FROM tasks";
const MOST_FREQUENT: &str = " GROUP BY failure_reason ORDER BY items DESC, failure_reason";

/// Counts, in a transaction of which all statements see the same rows.
pub(super) async fn count<DB: Dialect>(
    snapshot: &mut DB::Connection,
    job: JobId,
) -> Result<Report, DatabaseError> {
    let labels = Statement::<DB>::new(LABELS)
        .through_index("results_by_job_label")
        .push(" WHERE job_id = ? AND label IS NOT NULL")
        .bind(job.as_uuid())
        .push(" GROUP BY step, model, label ORDER BY step, items DESC, label");
    let failures = Statement::<DB>::new(FAILURES)
        .through_index("tasks_by_position")
        .push(" WHERE job_id = ? AND position IS NOT NULL AND state = ?")
        .bind(job.as_uuid())
        .bind("failed".to_owned())
        .push(MOST_FREQUENT);
    let (labels, failures) = (
        labels.fetch_all(snapshot).await?,
        failures.fetch_all(snapshot).await?,
    );
    Ok(Report {
        labels: labels.iter().map(label).collect::<Result<_, _>>()?,
        failures: failures.iter().map(reason).collect::<Result<_, _>>()?,
    })
}

fn label<DB: Dialect>(row: &Row<DB>) -> Result<LabelTally, DatabaseError> {
    Ok(LabelTally {
        // Written from a u32.
        step: row.get::<i64>("step")?.try_into().unwrap_or(u32::MAX),
        model: row.get::<Option<String>>("model")?.unwrap_or_default(),
        label: row.get::<Option<String>>("label")?.unwrap_or_default(),
        count: items(row)?,
        mean_score: row.get::<Option<f64>>("mean_score")?.unwrap_or_default(),
    })
}

/// A row of items that failed for one reason.
pub(super) fn reason<DB: Dialect>(row: &Row<DB>) -> Result<ReasonTally, DatabaseError> {
    Ok(ReasonTally {
        reason: row
            .get::<Option<String>>("failure_reason")?
            .unwrap_or_default(),
        count: items(row)?,
    })
}

fn items<DB: Dialect>(row: &Row<DB>) -> Result<u64, DatabaseError> {
    // A count is not negative.
    Ok(row.get::<i64>("items")?.unsigned_abs())
}
