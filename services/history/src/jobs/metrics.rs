//! What is counted of jobs and tasks.

use super::Event;

/// Counts what happened, once it is committed.
pub(super) fn count(events: &[Event]) {
    for event in events {
        match event {
            Event::JobCreated(priority) => {
                metrics::counter!("pupila_jobs_created_total", "priority" => priority.as_str())
                    .increment(1);
            }
            Event::JobEnded(state) => {
                metrics::counter!("pupila_jobs_ended_total", "state" => state.as_str())
                    .increment(1);
            }
            Event::TaskTaken {
                kind,
                priority,
                waited,
            } => {
                metrics::histogram!(
                    "pupila_task_wait_seconds",
                    "kind" => kind.as_str(), "priority" => priority.as_str()
                )
                .record(*waited);
            }
            Event::TaskLeft {
                kind,
                outcome,
                reason,
                ran,
            } => {
                metrics::counter!(
                    "pupila_tasks_total",
                    "kind" => kind.as_str(), "outcome" => *outcome, "reason" => reason.clone()
                )
                .increment(1);
                if let Some(ran) = ran {
                    metrics::histogram!("pupila_task_run_seconds", "kind" => kind.as_str())
                        .record(*ran);
                }
            }
            Event::Retried(kind) => {
                metrics::counter!("pupila_task_retries_total", "kind" => kind.as_str())
                    .increment(1);
            }
        }
    }
}
