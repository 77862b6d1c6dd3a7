//! Items on their way to history, in small groups: soon, and not one by one.

use std::time::Duration;

use pupila_proto::history::v1::{
    AddItemsRequest, LeasedTask, NewItem, Task, task_service_client::TaskServiceClient,
};
use pupila_runtime::{identity::ServiceIdentity, transport::Transport};
use tokio::time::{Instant, sleep_until};

use crate::{Outcome, Service};

/// Items that do not wait for more.
const GROUP: usize = 16;
/// How long an item waits for others.
const PAUSE: Duration = Duration::from_millis(500);
/// How long history may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Adds items to jobs, as the worker itself.
#[derive(Clone)]
pub(super) struct Jobs {
    client: TaskServiceClient<Transport>,
    identity: ServiceIdentity,
}

/// The items of one job that are to be added.
pub(super) struct Additions<'a> {
    jobs: &'a Jobs,
    task: LeasedTask,
    /// The position of the first item of this attempt.
    begin: u32,
    /// The position of the first that waits.
    first: u32,
    waiting: Vec<NewItem>,
    /// When they are added, however few they are.
    due: Option<Instant>,
    total: u32,
}

impl Jobs {
    pub(super) fn new(history: Transport, identity: ServiceIdentity) -> Self {
        Self {
            client: TaskServiceClient::new(history),
            identity,
        }
    }

    async fn add(&self, request: AddItemsRequest) -> Result<(), Outcome> {
        let own = self.identity.request().await;
        let own = own.map_err(|error| Outcome::shut_out(&error))?;
        let call = own.call(request, TIMEOUT);
        let added = self.client.clone().add_items(call).await;
        added.map_err(|status| Outcome::from_service(Service::History, status.into()))?;
        Ok(())
    }
}

impl<'a> Additions<'a> {
    /// None yet; the next one has the position `first`, and the last one will be number `total`.
    pub(super) fn new(jobs: &'a Jobs, task: &Task, first: u32, total: u32) -> Self {
        Self {
            jobs,
            task: LeasedTask {
                task_id: task.id.clone(),
                lease: task.lease.clone(),
            },
            begin: first,
            first,
            waiting: Vec::new(),
            due: None,
            total,
        }
    }

    /// Takes the next item, and adds all that wait if they are enough.
    pub(super) async fn push(&mut self, item: NewItem) -> Result<(), Outcome> {
        self.waiting.push(item);
        if self.waiting.len() >= GROUP {
            return self.flush().await;
        }
        self.due.get_or_insert_with(|| Instant::now() + PAUSE);
        Ok(())
    }

    /// Whether there were any in this attempt.
    pub(super) fn any(&self) -> bool {
        self.first > self.begin || !self.waiting.is_empty()
    }

    /// Waits until those that wait have waited long enough.
    pub(super) async fn due(&self) {
        match self.due {
            Some(due) => sleep_until(due).await,
            None => std::future::pending().await,
        }
    }

    /// Adds all that wait.
    ///
    /// # Errors
    /// The outcome of the attempt: the lease is lost, or history is away.
    pub(super) async fn flush(&mut self) -> Result<(), Outcome> {
        self.due = None;
        if self.waiting.is_empty() {
            return Ok(());
        }
        let items = std::mem::take(&mut self.waiting);
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let request = AddItemsRequest {
            task: Some(self.task.clone()),
            first_position: self.first,
            items,
            total: self.total,
        };
        self.jobs.add(request).await?;
        self.first += count;
        Ok(())
    }
}
