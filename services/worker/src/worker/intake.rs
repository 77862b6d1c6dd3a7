//! Taking tasks.

use std::{collections::HashSet, sync::Arc, time::Duration};

use pupila_core::TaskId;
use pupila_proto::history::v1::Task;
use pupila_queue::{Delivery, Queue, WorkerName};
use pupila_runtime::rpc::{RpcError, with_causes};
use tokio::time::sleep;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::field::display;

use super::{
    attempt::Attempts,
    history::{History, Repeats},
    tally::Tally,
};
use crate::Service;

/// Most tasks that are taken at once: one call of history, one transaction.
const BATCH: usize = 256;
/// How often it is asked whether the queue is back.
const BETWEEN_PINGS: Duration = Duration::from_secs(1);

/// Takes as many tasks as there is room for.
pub(super) struct Intake {
    pub(super) queue: Arc<dyn Queue>,
    pub(super) worker: WorkerName,
    pub(super) history: History,
    pub(super) attempts: Attempts,
    pub(super) running: TaskTracker,
    /// Cancelled once history knows the worker.
    pub(super) known: CancellationToken,
}

impl Intake {
    /// Takes tasks until `stop`, but none before history knows the worker: who is not let in, because its secret is wrong, would
    /// only keep others from the tickets that it is handed. A call to history that is on its way then is waited for: what it answers is ours.
    pub(super) async fn run(&self, stop: &CancellationToken) {
        if stop
            .run_until_cancelled(self.known.cancelled())
            .await
            .is_none()
        {
            return;
        }
        while let Some(deliveries) = stop.run_until_cancelled(self.deliveries()).await {
            if self.take(&deliveries, stop).await.is_none() {
                return;
            }
        }
    }

    /// Takes their tasks and begins attempts; `None` where the worker is to stop first.
    async fn take(&self, deliveries: &[Delivery], stop: &CancellationToken) -> Option<()> {
        let mut batches = vec![deliveries];
        while let Some(batch) = batches.pop() {
            match self.tasks(batch, stop).await? {
                Ok(tasks) => {
                    // Before an attempt is over: a task that is given back is offered anew, of which the queue takes no notice
                    // while it waits to hear of this ticket.
                    self.settle(batch).await;
                    let left_out = left_out(batch, &tasks);
                    let tally = self.begin(tasks);
                    if !left_out.is_empty() {
                        self.look_again(&left_out, stop).await?;
                    }
                    if let Some(pause) = tally.pause() {
                        let pause = self.attempts.parking.pause(pause);
                        stop.run_until_cancelled(pause).await;
                    }
                }
                // One of them cannot be handed over: the others are not to suffer for it.
                Err(_) if batch.len() > 1 => batches.extend(batch.chunks(1).rev()),
                Err(error) => {
                    let task = batch.first().map(|delivery| display(delivery.ticket.task));
                    tracing::error!(task, %error, "a task cannot be taken");
                    // As long as it waits, history offers it now and then.
                    self.settle(batch).await;
                }
            }
        }
        Some(())
    }

    /// Takes tasks that could not be taken and can be now. What was called off may have been asked for again before its ticket
    /// was settled: of that the queue took no notice, and it would wait until history offers it once more.
    async fn look_again(&self, left_out: &[Delivery], stop: &CancellationToken) -> Option<()> {
        if let Ok(tasks) = self.tasks(left_out, stop).await? {
            self.begin(tasks);
        }
        Some(())
    }

    /// The next tickets, once the queue answers.
    async fn deliveries(&self) -> Vec<Delivery> {
        let parking = &self.attempts.parking;
        loop {
            let room = self.attempts.holdings.room().await;
            tokio::select! {
                biased;
                () = parking.wait_for(Service::Queue) => {}
                () = self.queue_is_back() => {}
            }
            match self.queue.take(&self.worker, room.min(BATCH)).await {
                Ok(deliveries) => {
                    parking.open(&[Service::Queue]);
                    if !deliveries.is_empty() {
                        return deliveries;
                    }
                }
                Err(error) => {
                    tracing::warn!(error = with_causes(&error), "the queue is away");
                    parking.park(Service::Queue, None);
                }
            }
        }
    }

    /// Waits until the queue answers where it did not. To ask costs it nothing, and its link is up again by itself. The first
    /// time is at once, while it is what it was for the call before: one that comes back sooner than that is not found back.
    async fn queue_is_back(&self) {
        let mut was_away = false;
        loop {
            match self.queue.ping().await {
                Ok(()) if was_away => return,
                Ok(()) => {}
                Err(_) => was_away = true,
            }
            sleep(BETWEEN_PINGS).await;
        }
    }

    /// Their tasks, once history answers. Fails where it never will; `None` where the worker is to stop first.
    async fn tasks(
        &self,
        deliveries: &[Delivery],
        stop: &CancellationToken,
    ) -> Option<Result<Vec<Task>, RpcError>> {
        let parking = &self.attempts.parking;
        let ids: Vec<TaskId> = deliveries
            .iter()
            .map(|delivery| delivery.ticket.task)
            .collect();
        let mut repeats = Repeats::default();
        loop {
            stop.run_until_cancelled(parking.wait_for(Service::History))
                .await?;
            let answer = self.history.take(&ids).await;
            let Err(error) = answer else {
                parking.open(&[Service::History]);
                return Some(answer);
            };
            if !repeats.make_sense_after(&error) {
                parking.open(&[Service::History]);
                return Some(Err(error));
            }
            tracing::warn!(%error, "tasks were not taken");
            parking.park(Service::History, error.retry_after);
        }
    }

    fn begin(&self, tasks: Vec<Task>) -> Tally {
        let mut tally = Tally::default();
        for task in tasks {
            match self.attempts.begin(task) {
                Ok(attempt) => {
                    tally.begun();
                    self.running.spawn(attempt);
                }
                Err(delay) => tally.refused(delay),
            }
        }
        tally
    }

    async fn settle(&self, deliveries: &[Delivery]) {
        if let Err(error) = self.queue.settle(deliveries).await {
            // Somebody is handed them once more, and history says that they are taken.
            tracing::warn!(error = with_causes(&error), "tickets were not settled");
        }
    }
}

/// The deliveries of which no task came.
fn left_out(deliveries: &[Delivery], tasks: &[Task]) -> Vec<Delivery> {
    let taken: HashSet<_> = tasks.iter().map(|task| task.id.as_str()).collect();
    let left_out = deliveries
        .iter()
        .filter(|delivery| !taken.contains(delivery.ticket.task.to_string().as_str()));
    left_out.cloned().collect()
}
