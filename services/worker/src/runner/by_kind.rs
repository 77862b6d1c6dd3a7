//! What is done about each kind of task.

use async_trait::async_trait;
use pupila_core::ErrorCode;
use pupila_proto::history::v1::{Step, Task, step, task::Work};

use super::{TaskRunner, TimeLimit, places::Places};
use crate::{Outcome, notify::Notifier, processor::Processor, unpack::Unpacker};

/// One in so many tasks of a worker may be a delivery: whoever is told may take long to answer.
const PER_DELIVERY: usize = 4;

/// Does what each kind of task asks for.
pub(crate) struct ByKind {
    processor: Processor,
    unpacker: Unpacker,
    notifier: Notifier,
    deliveries: Places,
}

impl ByKind {
    /// For a worker with so many tasks at once.
    pub(crate) fn new(
        processor: Processor,
        unpacker: Unpacker,
        notifier: Notifier,
        concurrency: usize,
    ) -> Self {
        Self {
            processor,
            unpacker,
            notifier,
            deliveries: Places::new((concurrency / PER_DELIVERY).max(1)),
        }
    }
}

#[async_trait]
impl TaskRunner for ByKind {
    fn needs(&self, task: &Task) -> &'static [&'static str] {
        match &task.work {
            Some(Work::ProcessImage(work)) if work.steps.iter().any(asks_model) => {
                &["accounts", "images", "inference"]
            }
            Some(Work::ProcessImage(_) | Work::UnpackArchive(_)) => &["accounts", "images"],
            Some(Work::NotifyOwner(_) | Work::DeliverNotice(_)) => &["accounts"],
            None => &[],
        }
    }

    async fn run(&self, task: &Task, limit: &TimeLimit) -> Outcome {
        match &task.work {
            Some(Work::ProcessImage(work)) => self.processor.run(task, work, limit).await,
            Some(Work::UnpackArchive(work)) => self.unpacker.run(task, work).await,
            Some(Work::NotifyOwner(work)) => self.notifier.notify_owner(task, work).await,
            Some(Work::DeliverNotice(work)) => {
                let delivery = self.notifier.deliver(task, work);
                self.deliveries.attempt(delivery).await
            }
            None => {
                // Made by a history that is newer than this worker: another one may know it.
                let detail = "this worker does not know such tasks";
                Outcome::stumbled(ErrorCode::Internal, "TASK_INVALID", detail)
            }
        }
    }
}

fn asks_model(step: &Step) -> bool {
    matches!(step.kind, Some(step::Kind::Model(_)))
}
