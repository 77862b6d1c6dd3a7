//! A worker and what is around it.

use std::sync::Arc;

use pupila_core::{Clock as _, TaskId, UserId};
use pupila_proto::history::v1::{FinishedTask, Task, task::Work};
use pupila_queue::{Priority, Queue as _, Ticket, WorkerName};
use pupila_runtime::{
    identity::{Guard, ServiceIdentity},
    readiness::Readiness,
};
use pupila_worker::{Service, Surroundings, Upstreams, Worker, WorkerConfig, open};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    accounts::Accounts, history::History, images::Images, keys::Keys, predictions::Predictions,
    queue::TestQueue, remote::Remote, runner::TestRunner,
};

/// What a worker is made of.
struct Around {
    queue: Arc<TestQueue>,
    runner: TestRunner,
    images: Images,
    predictions: Predictions,
    upstreams: Upstreams,
    identity: ServiceIdentity,
    keys: Keys,
}

/// Services of a worker that are reached over the network.
pub(crate) struct Remotes {
    pub(crate) images: Remote,
    pub(crate) inference: Remote,
}

impl Around {
    /// A worker that does the work itself.
    async fn real(&self, config: WorkerConfig, upstreams: Upstreams) -> Worker {
        let opened = open(
            &config,
            self.keys.clock.clone(),
            self.queue.clone(),
            upstreams,
            self.identity.clone(),
        );
        opened.await.expect("a sound configuration").worker
    }
}

fn config() -> WorkerConfig {
    WorkerConfig {
        concurrency: 4,
        ..WorkerConfig::default()
    }
}

/// A worker and what is around it.
pub(crate) struct TestWorker {
    pub(crate) accounts: Accounts,
    pub(crate) images: Images,
    pub(crate) predictions: Predictions,
    pub(crate) history: History,
    pub(crate) queue: Arc<TestQueue>,
    pub(crate) runner: TestRunner,
    upstreams: Upstreams,
    identity: ServiceIdentity,
    keys: Keys,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl TestWorker {
    /// One whose work is what the story says: up to four tasks at once, each of which needs inference.
    pub(crate) async fn start() -> Self {
        Self::configured(|_| {}).await
    }

    pub(crate) async fn configured(change: impl FnOnce(&mut WorkerConfig)) -> Self {
        let mut config = config();
        change(&mut config);
        Self::with(async |test: &Around| {
            let surroundings = Surroundings {
                queue: test.queue.clone(),
                history: test.upstreams.history.clone(),
                identity: test.identity.clone(),
                runner: Arc::new(test.runner.clone()),
            };
            Worker::new(&config, WorkerName::new("test-1"), surroundings)
        })
        .await
    }

    /// One that does the work itself.
    pub(crate) async fn real() -> Self {
        Self::real_with(|_| {}).await
    }

    pub(crate) async fn real_with(change: impl FnOnce(&mut WorkerConfig)) -> Self {
        let mut config = config();
        change(&mut config);
        Self::with(async |test: &Around| test.real(config, test.upstreams.clone()).await).await
    }

    /// The same, which reaches images and inference over the network.
    pub(crate) async fn networked() -> (Self, Remotes) {
        let mut remotes = None;
        let worker = Self::with(async |test: &Around| {
            let images = Remote::start(test.images.services(), test.keys.guard()).await;
            let inference = Remote::start(test.predictions.services(), test.keys.guard()).await;
            let upstreams = Upstreams {
                images: images.transport(),
                inference: inference.transport(),
                ..test.upstreams.clone()
            };
            remotes = Some(Remotes { images, inference });
            test.real(config(), upstreams).await
        })
        .await;
        (worker, remotes.expect("started"))
    }

    async fn with(worker: impl AsyncFnOnce(&Around) -> Worker) -> Self {
        let keys = Keys::new();
        let accounts = Accounts::new(keys.clone());
        let images = Images::new(keys.clone());
        let predictions = Predictions::default();
        let history = History::new();
        let around = Around {
            queue: Arc::new(TestQueue::new(&keys).await),
            runner: TestRunner::needing(&[Service::Inference]),
            upstreams: Upstreams {
                accounts: accounts.transport(),
                images: images.transport(),
                inference: predictions.transport(&keys),
                history: history.transport(&keys, &predictions),
            },
            identity: ServiceIdentity::new(
                "worker",
                "secret".to_owned().into(),
                accounts.transport(),
                keys.clock.clone(),
            ),
            images,
            predictions,
            keys,
        };
        let worker = worker(&around).await;
        let stop = CancellationToken::new();
        Self {
            accounts,
            images: around.images,
            predictions: around.predictions,
            history,
            queue: around.queue,
            runner: around.runner,
            upstreams: around.upstreams,
            identity: around.identity,
            keys: around.keys,
            running: tokio::spawn(worker.run(stop.clone())),
            stop,
        }
    }

    /// What tells whether another such worker can work.
    pub(crate) async fn readiness(&self) -> Arc<dyn Readiness> {
        let config = config();
        let opened = open(
            &config,
            self.keys.clock.clone(),
            self.queue.clone(),
            self.upstreams.clone(),
            self.identity.clone(),
        );
        opened.await.expect("a sound configuration").readiness
    }

    /// A task, known to history, and not offered to anybody yet.
    pub(crate) fn task(&self) -> TaskId {
        self.add(None)
    }

    /// The same with something to do.
    pub(crate) fn task_of(&self, work: Work) -> TaskId {
        self.add(Some(work))
    }

    fn add(&self, work: Option<Work>) -> TaskId {
        let id = TaskId::new(self.keys.clock.now());
        self.history.add(Task {
            id: id.to_string(),
            job_id: "018f3f5e-7c1b-7000-8000-000000000001".to_owned(),
            owner: UserId::LOCAL.to_string(),
            work,
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

    /// What stands before a service that is started anew.
    pub(crate) fn guard(&self) -> Guard {
        self.keys.guard()
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
