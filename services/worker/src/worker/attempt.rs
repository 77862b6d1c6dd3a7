//! One attempt at a task.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;
use pupila_core::ErrorCode;
use pupila_proto::history::v1::{
    Done, Failed, Failure, FinishedTask, GivenBack, LeasedTask, Task, finished_task, task::Work,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::holdings::Holdings;
use crate::{Outcome, Service, TaskRunner, TimeLimit, parking::Parking};

/// Makes attempts at tasks.
#[derive(Clone)]
pub(super) struct Attempts {
    pub(super) runner: Arc<dyn TaskRunner>,
    pub(super) parking: Parking,
    pub(super) holdings: Holdings,
    /// Where it is told how they went.
    pub(super) ended: mpsc::UnboundedSender<FinishedTask>,
    /// Cancelled when attempts have to end, whatever they are at.
    pub(super) over: CancellationToken,
    pub(super) time_limit: Duration,
}

impl Attempts {
    /// Begins an attempt at `task`. `Err` says for how long there is no sense in it: the task is given back, or given up.
    pub(super) fn begin(
        &self,
        task: Task,
    ) -> Result<impl Future<Output = ()> + Send + 'static, Duration> {
        let stop = self.over.child_token();
        self.holdings.hold(&task, stop.clone());
        metrics::counter!("pupila_worker_tasks_taken_total", "kind" => kind(&task)).increment(1);
        // As it is now: what the attempt finds at hand it asks nobody for.
        let needs = self.runner.needs(&task);
        if let Err(away) = self.parking.admit(needs) {
            self.tell(&task, self.put_off(&task, away.delay));
            return Err(away.delay);
        }
        // An error's level, so that every line of the attempt tells its task whatever the log level.
        let span = tracing::error_span!(
            "task",
            otel.name = kind(&task),
            task_id = task.id,
            job_id = task.job_id,
            attempt = task.attempt,
        );
        let attempts = self.clone();
        Ok(async move { attempts.run(task, needs, stop).await }.instrument(span))
    }

    async fn run(&self, task: Task, needs: &[Service], stop: CancellationToken) {
        let running = metrics::gauge!("pupila_worker_tasks_running");
        let start = Instant::now();
        running.increment(1.0);
        let outcome = self.outcome(&task, &stop).await;
        running.decrement(1.0);
        let seconds = metrics::histogram!(
            "pupila_worker_task_seconds", "kind" => kind(&task), "outcome" => word(outcome.as_ref())
        );
        seconds.record(start.elapsed());
        match outcome {
            Some(outcome) => self.tell(&task, self.verdict(&task, needs, outcome)),
            None if self.over.is_cancelled() => self.tell(&task, given_back(None)),
            // It is the worker's no more, and whoever has it now will tell.
            None => {}
        }
    }

    /// `None` where it was stopped.
    async fn outcome(&self, task: &Task, stop: &CancellationToken) -> Option<Outcome> {
        let limit = TimeLimit::new(self.time_limit);
        let attempt = AssertUnwindSafe(self.runner.run(task, &limit)).catch_unwind();
        tokio::select! {
            biased;
            outcome = attempt => Some(outcome.unwrap_or_else(|panic| panicked(&*panic))),
            () = limit.passed() => Some(timed_out(self.time_limit)),
            () = stop.cancelled() => None,
        }
    }

    /// What history is told, and what is known of the services from now on.
    fn verdict(&self, task: &Task, needs: &[Service], outcome: Outcome) -> finished_task::Outcome {
        match outcome {
            Outcome::Done { results, routes } => {
                self.parking.open(needs);
                finished_task::Outcome::Done(Done { results, routes })
            }
            Outcome::Failed {
                failure,
                retryable,
                answered,
            } => {
                tracing::info!(reason = failure.reason, retryable, "an attempt failed");
                // Of the others that the task needs it may have asked none.
                self.parking.open(answered.as_slice());
                failed(failure, retryable)
            }
            Outcome::Lost { service, failure } => {
                let lost = service.name();
                tracing::info!(reason = failure.reason, lost, "an attempt failed");
                self.parking.park(service, None);
                failed(failure, true)
            }
            Outcome::Parked {
                service,
                retry_after,
            } => given_back(Some(self.parking.park(service, retry_after))),
            Outcome::Postponed { delay } => self.put_off(task, delay),
        }
    }

    /// It waits, or there is no sense in it any more.
    fn put_off(&self, task: &Task, delay: Duration) -> finished_task::Outcome {
        match self.runner.untried(task) {
            // Nobody was asked for anything.
            Some(outcome) => self.verdict(task, &[], outcome),
            None => given_back(Some(delay)),
        }
    }

    fn tell(&self, task: &Task, outcome: finished_task::Outcome) {
        let lease = LeasedTask {
            task_id: task.id.clone(),
            lease: task.lease.clone(),
        };
        self.holdings.end(&lease);
        // The reports outlive all attempts.
        let _ = self.ended.send(FinishedTask {
            task: Some(lease),
            outcome: Some(outcome),
        });
    }
}

fn failed(failure: Failure, retryable: bool) -> finished_task::Outcome {
    finished_task::Outcome::Failed(Failed {
        failure: Some(failure),
        retryable,
    })
}

fn given_back(delay: Option<Duration>) -> finished_task::Outcome {
    finished_task::Outcome::GivenBack(GivenBack {
        // A pause is half a minute, or as long as a service asks for.
        delay: delay.and_then(|delay| delay.try_into().ok()),
    })
}

fn panicked(panic: &(dyn Any + Send)) -> Outcome {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(
        panic = text.unwrap_or("of another kind"),
        "an attempt panicked"
    );
    let detail = "the worker failed over it";
    Outcome::stumbled(ErrorCode::Internal, "WORKER_FAILED", detail)
}

fn timed_out(limit: Duration) -> Outcome {
    let detail = format!("it took more than {} seconds", limit.as_secs());
    Outcome::stumbled(ErrorCode::DeadlineExceeded, "TASK_TIMED_OUT", detail)
}

fn kind(task: &Task) -> &'static str {
    match &task.work {
        Some(Work::ProcessImage(_)) => "process",
        Some(Work::UnpackArchive(_)) => "unpack",
        Some(Work::NotifyOwner(_)) => "notify",
        Some(Work::DeliverNotice(_)) => "deliver",
        None => "unknown",
    }
}

fn word(outcome: Option<&Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Done { .. }) => "done",
        Some(Outcome::Failed { .. } | Outcome::Lost { .. }) => "failed",
        Some(Outcome::Parked { .. }) => "parked",
        Some(Outcome::Postponed { .. }) => "postponed",
        None => "stopped",
    }
}
