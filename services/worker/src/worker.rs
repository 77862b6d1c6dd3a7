//! Taking tasks, keeping them, and telling how they went.
//!
//! ```text
//! Intake     tickets of the queue → tasks of history → attempts
//! Attempts   a task each: under its lease, within its time
//! Holdings   what is the worker's: taken, and not reported yet
//! Heartbeat  renews the leases of all that; stops what was lost
//! Reports    how attempts went, in batches, until history knows
//! ```

mod attempt;
mod heartbeat;
mod history;
mod holdings;
mod intake;
mod reports;
mod tally;

use std::{sync::Arc, time::Duration};

use pupila_queue::{Queue, WorkerName};
use pupila_runtime::{identity::ServiceIdentity, transport::Transport};
use tokio::{sync::mpsc, time::sleep};
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

use self::{
    attempt::Attempts, heartbeat::Heartbeat, history::History, holdings::Holdings, intake::Intake,
    reports::Reports,
};
use crate::{TaskRunner, WorkerConfig, parking::Parking};

/// How long the last reports may take after the grace: together less than a process is given to stop.
const LAST_REPORTS: Duration = Duration::from_secs(4);

/// Takes tasks as long as there are any, and has a [`TaskRunner`] work on them.
pub struct Worker {
    intake: Intake,
    heartbeat: Heartbeat,
    reports: Reports,
    grace: Duration,
}

/// Whom a worker works with.
pub struct Surroundings {
    /// Wakes it.
    pub queue: Arc<dyn Queue>,
    /// Knows the tasks.
    pub history: Transport,
    /// Who the worker is to history.
    pub identity: ServiceIdentity,
    /// Works on the tasks.
    pub runner: Arc<dyn TaskRunner>,
}

impl Worker {
    /// A worker that is known as `name`.
    #[must_use]
    pub fn new(config: &WorkerConfig, name: WorkerName, surroundings: Surroundings) -> Self {
        let Surroundings {
            queue,
            history,
            identity,
            runner,
        } = surroundings;
        let history = History::new(history, identity, name.clone());
        let holdings = Holdings::new(config.concurrency);
        let parking = Parking::default();
        let known = CancellationToken::new();
        let (sender, ended) = mpsc::unbounded_channel();
        let attempts = Attempts {
            runner,
            parking: parking.clone(),
            holdings: holdings.clone(),
            ended: sender,
            over: CancellationToken::new(),
            time_limit: Duration::from_secs(config.task_timeout_seconds),
        };
        Self {
            intake: Intake {
                queue,
                worker: name,
                history: history.clone(),
                attempts,
                running: TaskTracker::new(),
                known: known.clone(),
            },
            heartbeat: Heartbeat {
                history: history.clone(),
                holdings: holdings.clone(),
                parking: parking.clone(),
                known,
            },
            reports: Reports {
                history,
                holdings,
                parking,
                ended,
            },
            grace: Duration::from_secs(config.shutdown_grace_seconds),
        }
    }

    /// Works until `stop`. From then on attempts in flight have the grace to end, and what does not is given back; all of it
    /// is reported before this ends, if history answers in time.
    pub async fn run(self, stop: CancellationToken) {
        let Self {
            intake,
            heartbeat,
            reports,
            grace,
        } = self;
        let (running, over) = (intake.running.clone(), intake.attempts.over.clone());
        // Leases are kept until the very end, of the reports too.
        let _heart = AbortOnDropHandle::new(tokio::spawn(heartbeat.run()));
        let reporting = AbortOnDropHandle::new(tokio::spawn(reports.run()));
        let work = async {
            intake.run(&stop).await;
            // The reports end with the last one who could tell something.
            drop(intake);
            running.close();
            running.wait().await;
            let _ = reporting.await;
        };
        // Counted from the stop, whatever is on its way then: a process is not given more.
        let end = async {
            stop.cancelled().await;
            sleep(grace).await;
            tracing::info!(tasks = running.len(), "tasks are given back");
            over.cancel();
            sleep(LAST_REPORTS).await;
        };
        tokio::select! {
            () = work => {}
            () = end => {
                tracing::warn!("history was not told how the last tasks went: their leases will end");
            }
        }
    }
}
