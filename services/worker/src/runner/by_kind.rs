//! What is done about each kind of task.

use async_trait::async_trait;
use pupila_core::ErrorCode;
use pupila_proto::history::v1::{Step, Task, step, task::Work};

use super::{TaskRunner, TimeLimit, places::Places};
use crate::{Outcome, Service, notify::Notifier, processor::Processor, unpack::Unpacker};

/// The route of those who want a letter.
const EMAIL: &str = "email";
/// One in so many tasks of a worker may be a delivery, whoever is told may take long to answer, and as many may wait in line.
const PER_DELIVERY: usize = 4;
/// Most ZIPs that are unpacked at once: each is a file on this machine, and its list is in memory.
const ARCHIVES: usize = 2;
/// One in so many tasks may be a ZIP that waits in line, which may be for minutes: with all others that leaves some to images
/// where there are more than four.
const PER_WAITING_ARCHIVE: usize = 8;

/// Does what each kind of task asks for.
pub(crate) struct ByKind {
    processor: Processor,
    unpacker: Unpacker,
    notifier: Notifier,
    deliveries: Places,
    archives: Places,
}

impl ByKind {
    /// For a worker with so many tasks at once.
    pub(crate) fn new(
        processor: Processor,
        unpacker: Unpacker,
        notifier: Notifier,
        concurrency: usize,
    ) -> Self {
        let [deliveries, archives] = places(concurrency);
        Self {
            processor,
            unpacker,
            notifier,
            deliveries: Places::new(deliveries.0, deliveries.1),
            archives: Places::new(archives.0, archives.1),
        }
    }
}

#[async_trait]
impl TaskRunner for ByKind {
    fn needs(&self, task: &Task) -> &'static [Service] {
        let is_known = self.processor.delegation.is_at_hand(task);
        let work = task.work.as_ref();
        work.map_or(&[], |work| needs(work, is_known))
    }

    fn untried(&self, task: &Task) -> Option<Outcome> {
        match &task.work {
            Some(Work::DeliverNotice(work)) => self.notifier.untried(work),
            _ => None,
        }
    }

    async fn run(&self, task: &Task, limit: &TimeLimit) -> Outcome {
        match &task.work {
            Some(Work::ProcessImage(work)) => self.processor.run(task, work, limit).await,
            Some(Work::UnpackArchive(work)) => match self.archives.take(&task.owner, limit).await {
                Ok(_place) => self.unpacker.run(task, work).await,
                Err(delay) => Outcome::Postponed { delay },
            },
            Some(Work::NotifyOwner(work)) => self.notifier.notify_owner(task, work).await,
            Some(Work::DeliverNotice(work)) => {
                match self.deliveries.take(&task.owner, limit).await {
                    Ok(_place) => self.notifier.deliver(task, work, limit).await,
                    Err(delay) => Outcome::Postponed { delay },
                }
            }
            None => {
                // Made by a history that is newer than this worker: another one may know it.
                let detail = "this worker does not know such tasks";
                Outcome::stumbled(ErrorCode::Internal, "TASK_INVALID", detail)
            }
        }
    }
}

/// How many deliveries and how many ZIPs there may be among so many tasks: at work, and in line.
fn places(concurrency: usize) -> [(usize, usize); 2] {
    let deliveries = concurrency / PER_DELIVERY;
    let waiting_archives = (concurrency / PER_WAITING_ARCHIVE).min(ARCHIVES);
    [
        (deliveries.max(1), deliveries),
        (ARCHIVES, waiting_archives),
    ]
}

/// `is_known`: whether there is a token of the owner's.
fn needs(work: &Work, is_known: bool) -> &'static [Service] {
    let all: &[_] = match work {
        Work::ProcessImage(work) if work.steps.iter().any(asks_model) => {
            &[Service::Accounts, Service::Images, Service::Inference]
        }
        Work::ProcessImage(_) | Work::UnpackArchive(_) => &[Service::Accounts, Service::Images],
        // Who wants to be told where is asked every time.
        Work::DeliverNotice(work) if work.route == EMAIL => {
            return &[Service::Accounts, Service::Smtp];
        }
        Work::NotifyOwner(_) | Work::DeliverNotice(_) => return &[Service::Accounts],
    };
    match all {
        [Service::Accounts, rest @ ..] if is_known => rest,
        all => all,
    }
}

fn asks_model(step: &Step) -> bool {
    matches!(step.kind, Some(step::Kind::Model(_)))
}

#[cfg(test)]
mod tests {
    use pupila_proto::history::v1::{DeliverNotice, ProcessImage};

    use super::*;
    use crate::config::default_concurrency;

    #[test]
    fn on_any_machine_messages_and_zips_leave_some_tasks_to_images() {
        for cores in 1..=500 {
            let concurrency = default_concurrency(cores);
            let taken: usize = places(concurrency)
                .map(|(at_work, in_line)| at_work + in_line)
                .iter()
                .sum();
            assert!(taken < concurrency, "{cores} cores");
        }
    }

    #[test]
    fn only_letters_wait_for_the_mail_server() {
        let needs = |route: &str| {
            let work = DeliverNotice {
                job: None,
                route: route.to_owned(),
            };
            needs(&Work::DeliverNotice(work), true)
        };
        assert_eq!(needs("email"), [Service::Accounts, Service::Smtp]);
        assert_eq!(
            needs("webhook:018f3f5e-7c1b-7000-8000-000000000001"),
            [Service::Accounts]
        );
    }

    #[test]
    fn accounts_is_not_asked_about_an_owner_whose_token_is_there() {
        let needs = |is_known| needs(&Work::ProcessImage(ProcessImage::default()), is_known);
        assert_eq!(needs(false), [Service::Accounts, Service::Images]);
        assert_eq!(needs(true), [Service::Images]);
    }
}
