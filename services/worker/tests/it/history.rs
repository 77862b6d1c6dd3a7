//! What a worker asks of history: a real server behind the real guard, with tasks in memory.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use pupila_proto::history::v1::{
    AddItemsRequest, AddItemsResponse, FinishTasksRequest, FinishTasksResponse, FinishedTask,
    LeasedTask, RenewTasksRequest, RenewTasksResponse, TakeTasksRequest, TakeTasksResponse, Task,
    finished_task::Outcome,
    task_service_server::{TaskService, TaskServiceServer},
};
use pupila_runtime::{
    grpc::RpcServices,
    transport::{self, Transport},
};
use tokio::{sync::watch, time::Instant};
use tonic::{Request, Response, Status};

use crate::{keys::Keys, predictions::Predictions};

/// How long its leases last.
pub(crate) const LEASE: Duration = Duration::from_secs(30);
/// What a story waits for comes sooner.
const PATIENCE: Duration = Duration::from_secs(1000);

/// history, as far as a worker knows it. Its clones are one.
#[derive(Clone)]
pub(crate) struct History(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    /// Tells whoever waits that something happened.
    happened: watch::Sender<()>,
    /// Whether reports are answered.
    answers_reports: watch::Sender<bool>,
    /// Whether it is answered who asks for tasks.
    answers_takes: watch::Sender<bool>,
}

#[derive(Default)]
pub(crate) struct State {
    is_away: bool,
    known: HashMap<String, Task>,
    waiting: HashMap<String, Task>,
    held: HashMap<String, String>,
    leases: usize,
    cancelled: HashSet<String>,
    refused: HashSet<String>,
    spoilt: HashSet<String>,
    /// Calls that came while it was away.
    pub(crate) in_vain: usize,
    /// How each task went, in the order of the reports.
    pub(crate) finished: Vec<FinishedTask>,
    /// How many tasks each report was about.
    pub(crate) reports: Vec<usize>,
    /// How many tasks each take was about.
    pub(crate) takes: Vec<usize>,
    /// When leases were renewed, and what was told then.
    pub(crate) renewals: Vec<(Instant, RenewTasksRequest)>,
}

impl History {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner {
            state: Mutex::default(),
            happened: watch::Sender::new(()),
            answers_reports: watch::Sender::new(true),
            answers_takes: watch::Sender::new(true),
        }))
    }

    pub(crate) fn transport(&self, keys: &Keys, predictions: &Predictions) -> Transport {
        let services = RpcServices::default().with(TaskServiceServer::new(self.clone()));
        transport::in_process(predictions.beside(services), keys.guard())
    }

    pub(crate) fn add(&self, task: Task) {
        let mut state = self.state();
        state.known.insert(task.id.clone(), task.clone());
        state.waiting.insert(task.id.clone(), task);
    }

    /// A task that ended waits again.
    pub(crate) fn again(&self, id: &str) {
        let mut state = self.state();
        let task = state.known[id].clone();
        state.waiting.insert(id.to_owned(), task);
    }

    pub(crate) fn go_away(&self) {
        self.state().is_away = true;
    }

    pub(crate) fn come_back(&self) {
        self.state().is_away = false;
    }

    /// Calls a task off.
    pub(crate) fn cancel(&self, id: &str) {
        self.state().cancelled.insert(id.to_owned());
    }

    /// Will not have what is told of the task.
    pub(crate) fn refuse(&self, id: &str) {
        self.state().refused.insert(id.to_owned());
    }

    /// Fails whenever it is to hand over the task.
    pub(crate) fn spoil(&self, id: &str) {
        self.state().spoilt.insert(id.to_owned());
    }

    /// Reports are not answered until they are.
    pub(crate) fn hold_reports(&self) {
        self.0.answers_reports.send_replace(false);
    }

    pub(crate) fn answer_reports(&self) {
        self.0.answers_reports.send_replace(true);
    }

    /// Who asks for tasks is not answered any more.
    pub(crate) fn hold_takes(&self) {
        self.0.answers_takes.send_replace(false);
    }

    /// Waits until so many tasks are finished, and answers how they went.
    pub(crate) async fn finished(&self, count: usize) -> Vec<FinishedTask> {
        self.until(|state| state.finished.len() >= count).await;
        self.state().finished.clone()
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, mut is_so: impl FnMut(&State) -> bool) {
        let mut happened = self.0.happened.subscribe();
        let so = async {
            while !is_so(&self.state()) {
                happened.changed().await.expect("it lives");
            }
        };
        // Where time is paused it flies as long as nothing happens.
        let in_time = tokio::time::timeout(PATIENCE, so).await;
        in_time.expect("it happens at all");
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().expect("not poisoned")
    }

    /// The state for a call, which is noticed.
    fn called(&self) -> Result<MutexGuard<'_, State>, Status> {
        let mut state = self.state();
        self.0.happened.send_replace(());
        if state.is_away {
            state.in_vain += 1;
            return Err(Status::unavailable("not now"));
        }
        Ok(state)
    }
}

impl State {
    /// The task is gone.
    pub(crate) fn forget(&mut self, id: &str) {
        self.waiting.remove(id);
    }

    fn holds(&self, task: &LeasedTask) -> bool {
        self.held.get(&task.task_id) == Some(&task.lease) && !self.cancelled.contains(&task.task_id)
    }
}

#[tonic::async_trait]
impl TaskService for History {
    async fn take_tasks(
        &self,
        request: Request<TakeTasksRequest>,
    ) -> Result<Response<TakeTasksResponse>, Status> {
        let ids = request.into_inner().task_ids;
        self.called()?.takes.push(ids.len());
        let mut answers = self.0.answers_takes.subscribe();
        let _ = answers.wait_for(|answers| *answers).await;
        let mut state = self.called()?;
        if ids.iter().any(|id| state.spoilt.contains(id)) {
            return Err(Status::internal("it cannot be read"));
        }
        let mut tasks = Vec::new();
        for id in ids {
            if let Some(mut task) = state.waiting.remove(&id) {
                state.leases += 1;
                task.lease = state.leases.to_string();
                task.attempt += 1;
                state.held.insert(id, task.lease.clone());
                tasks.push(task);
            }
        }
        Ok(Response::new(TakeTasksResponse { tasks }))
    }

    async fn renew_tasks(
        &self,
        request: Request<RenewTasksRequest>,
    ) -> Result<Response<RenewTasksResponse>, Status> {
        let mut state = self.called()?;
        let request = request.into_inner();
        let lost = request.tasks.iter().filter(|task| !state.holds(task));
        let lost_task_ids = lost.map(|task| task.task_id.clone()).collect();
        state.renewals.push((Instant::now(), request));
        Ok(Response::new(RenewTasksResponse {
            lost_task_ids,
            lease_duration: LEASE.try_into().ok(),
        }))
    }

    async fn finish_tasks(
        &self,
        request: Request<FinishTasksRequest>,
    ) -> Result<Response<FinishTasksResponse>, Status> {
        let tasks = request.into_inner().tasks;
        self.called()?.reports.push(tasks.len());
        let mut answers = self.0.answers_reports.subscribe();
        let _ = answers.wait_for(|answers| *answers).await;
        let mut state = self.called()?;
        let id = |finished: &FinishedTask| finished.task.clone().expect("named").task_id;
        if tasks.iter().any(|task| state.refused.contains(&id(task))) {
            return Err(Status::internal("it does not fit"));
        }
        let mut lost_task_ids = Vec::new();
        for finished in tasks {
            let task = finished.task.as_ref().expect("named");
            if !state.holds(task) {
                lost_task_ids.push(task.task_id.clone());
                continue;
            }
            state.held.remove(&task.task_id);
            state.finished.push(finished);
        }
        drop(state);
        self.0.happened.send_replace(());
        Ok(Response::new(FinishTasksResponse { lost_task_ids }))
    }

    async fn add_items(
        &self,
        _: Request<AddItemsRequest>,
    ) -> Result<Response<AddItemsResponse>, Status> {
        panic!("no runner of these stories unpacks anything")
    }
}

/// The reason for which it failed, and whether it may be tried again.
pub(crate) fn failure(finished: &FinishedTask) -> (String, bool) {
    match &finished.outcome {
        Some(Outcome::Failed(failed)) => {
            let reason = failed.failure.clone().expect("a reason").reason;
            (reason, failed.retryable)
        }
        outcome => panic!("{outcome:?}"),
    }
}

pub(crate) fn is_done(finished: &FinishedTask) -> bool {
    matches!(finished.outcome, Some(Outcome::Done(_)))
}

pub(crate) fn is_given_back(finished: &FinishedTask) -> bool {
    matches!(finished.outcome, Some(Outcome::GivenBack(_)))
}
