//! A worker and what is around it.

use std::sync::Arc;

use pupila_core::{Clock as _, TaskId, UserId};
use pupila_proto::history::v1::{FinishedTask, Task};
use pupila_queue::{Priority, Queue as _, Ticket, WorkerName};
use pupila_runtime::identity::ServiceIdentity;
use pupila_worker::{Surroundings, Worker, WorkerConfig};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::Accounts, history::History, keys::Keys, queue::TestQueue, runner::TestRunner,
};

/// A worker and what is around it.
pub(crate) struct TestWorker {
    pub(crate) accounts: Accounts,
    pub(crate) history: History,
    pub(crate) queue: Arc<TestQueue>,
    pub(crate) runner: TestRunner,
    keys: Keys,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl TestWorker {
    /// One that does up to four tasks at once, each of which needs inference.
    pub(crate) async fn start() -> Self {
        Self::configured(|_| {}).await
    }

    pub(crate) async fn configured(change: impl FnOnce(&mut WorkerConfig)) -> Self {
        let mut config = WorkerConfig {
            concurrency: 4,
            ..WorkerConfig::default()
        };
        change(&mut config);
        let keys = Keys::new();
        let accounts = Accounts::new(keys.clone());
        let history = History::new();
        let queue = Arc::new(TestQueue::new(&keys).await);
        let runner = TestRunner::needing(&["inference"]);
        let surroundings = Surroundings {
            queue: queue.clone(),
            history: history.transport(&keys),
            identity: ServiceIdentity::new(
                "worker",
                "secret".to_owned().into(),
                accounts.transport(),
                keys.clock.clone(),
            ),
            runner: Arc::new(runner.clone()),
        };
        let worker = Worker::new(&config, WorkerName::new("test-1"), surroundings);
        let stop = CancellationToken::new();
        Self {
            accounts,
            history,
            queue,
            runner,
            running: tokio::spawn(worker.run(stop.clone())),
            stop,
            keys,
        }
    }

    /// A task, known to history, and not offered to anybody yet.
    pub(crate) fn task(&self) -> TaskId {
        let id = TaskId::new(self.keys.clock.now());
        self.history.add(Task {
            id: id.to_string(),
            job_id: "018f3f5e-7c1b-7000-8000-000000000001".to_owned(),
            owner: UserId::LOCAL.to_string(),
            ..Task::default()
        });
        id
    }

    /// Offers tasks to whoever is there.
    pub(crate) async fn offer(&self, tasks: &[TaskId]) {
        let tickets: Vec<_> = tasks
            .iter()
            .map(|task| Ticket {
                task: *task,
                owner: UserId::LOCAL,
                priority: Priority::Batch,
            })
            .collect();
        self.queue.offer(&tickets).await.expect("there");
    }

    /// Makes a task and offers it.
    pub(crate) async fn submit(&self) -> String {
        let task = self.task();
        self.offer(&[task]).await;
        task.to_string()
    }

    /// Tells the worker to stop.
    pub(crate) fn tell_to_stop(&self) {
        self.stop.cancel();
    }

    /// Waits until the worker has stopped, and answers how all tasks went.
    pub(crate) async fn stopped(self) -> Vec<FinishedTask> {
        self.stop.cancel();
        self.running.await.expect("no panic");
        self.history.state().finished.clone()
    }
}
