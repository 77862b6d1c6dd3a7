//! Taking tasks.

use std::{sync::Arc, time::Duration};

use pupila_core::TaskId;
use pupila_proto::history::v1::Task;
use pupila_queue::{Delivery, Queue, WorkerName};
use pupila_runtime::rpc::with_causes;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{attempt::Attempts, history::History};

/// Most tasks that are taken at once: one call of history, one transaction.
const BATCH: usize = 256;

/// Takes as many tasks as there is room for.
pub(super) struct Intake {
    pub(super) queue: Arc<dyn Queue>,
    pub(super) worker: WorkerName,
    pub(super) history: History,
    pub(super) attempts: Attempts,
    pub(super) running: TaskTracker,
}

impl Intake {
    /// Takes tasks until `stop`. A call to history that is on its way then is waited for: what it answers is ours.
    pub(super) async fn run(&self, stop: &CancellationToken) {
        while let Some(deliveries) = stop.run_until_cancelled(self.deliveries()).await {
            let Some(tasks) = self.tasks(&deliveries, stop).await else {
                return;
            };
            let pause = self.begin(tasks);
            self.settle(&deliveries).await;
            if let Some(pause) = pause {
                let pause = self.attempts.parking.pause(pause);
                stop.run_until_cancelled(pause).await;
            }
        }
    }

    /// The next tickets, once the queue answers.
    async fn deliveries(&self) -> Vec<Delivery> {
        let parking = &self.attempts.parking;
        loop {
            let room = self.attempts.holdings.room().await;
            parking.wait_for("queue").await;
            match self.queue.take(&self.worker, room.min(BATCH)).await {
                Ok(deliveries) => {
                    parking.open(&["queue"]);
                    if !deliveries.is_empty() {
                        return deliveries;
                    }
                }
                Err(error) => {
                    tracing::warn!(error = with_causes(&error), "the queue is away");
                    parking.park("queue", None);
                }
            }
        }
    }

    /// Their tasks, once history answers; `None` where the worker is to stop first.
    async fn tasks(&self, deliveries: &[Delivery], stop: &CancellationToken) -> Option<Vec<Task>> {
        let parking = &self.attempts.parking;
        let ids: Vec<TaskId> = deliveries
            .iter()
            .map(|delivery| delivery.ticket.task)
            .collect();
        loop {
            stop.run_until_cancelled(parking.wait_for("history"))
                .await?;
            match self.history.take(&ids).await {
                Ok(tasks) => {
                    parking.open(&["history"]);
                    return Some(tasks);
                }
                Err(error) => {
                    tracing::warn!(%error, "tasks were not taken");
                    parking.park("history", error.retry_after);
                }
            }
        }
    }

    /// Begins attempts. Answers how long to take nothing: where there was no sense in any of them, there is none in those
    /// that wait behind them.
    fn begin(&self, tasks: Vec<Task>) -> Option<Duration> {
        let mut shortest = None;
        let mut begun = false;
        for task in tasks {
            match self.attempts.begin(task) {
                Ok(attempt) => {
                    begun = true;
                    self.running.spawn(attempt);
                }
                Err(delay) => shortest = Some(shortest.map_or(delay, |least| delay.min(least))),
            }
        }
        shortest.filter(|_| !begun)
    }

    async fn settle(&self, deliveries: &[Delivery]) {
        if let Err(error) = self.queue.settle(deliveries).await {
            // Somebody is handed them once more, and history says that they are taken.
            tracing::warn!(error = with_causes(&error), "tickets were not settled");
        }
    }
}
