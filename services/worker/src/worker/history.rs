//! What a worker asks history.

use std::{collections::HashSet, time::Duration};

use pupila_core::{ErrorCode, TaskId};
use pupila_proto::history::v1::{
    FinishTasksRequest, FinishedTask, LeasedTask, RenewTasksRequest, RenewTasksResponse,
    TakeTasksRequest, Task, task_service_client::TaskServiceClient,
};
use pupila_queue::WorkerName;
use pupila_runtime::{identity::ServiceIdentity, rpc::RpcError, transport::Transport};

/// How long history may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer: as many tasks as are taken at once, each with sixteen steps.
const MAX_ANSWER: usize = 64 << 20;
/// How often history may fail over the same tasks, by a fault of its own, before it is asked about one at a time.
const MOST_FAILURES: u32 = 3;

/// history, as one worker asks it.
#[derive(Clone)]
pub(super) struct History {
    client: TaskServiceClient<Transport>,
    identity: ServiceIdentity,
    worker: WorkerName,
}

/// Whether the same call is worth making again.
#[derive(Default)]
pub(super) struct Repeats {
    failures: u32,
}

impl History {
    pub(super) fn new(history: Transport, identity: ServiceIdentity, worker: WorkerName) -> Self {
        Self {
            client: TaskServiceClient::new(history).max_decoding_message_size(MAX_ANSWER),
            identity,
            worker,
        }
    }

    /// Those of the tasks that are the worker's now.
    pub(super) async fn take(&self, tasks: &[TaskId]) -> Result<Vec<Task>, RpcError> {
        let request = TakeTasksRequest {
            worker: self.worker.as_str().to_owned(),
            task_ids: tasks.iter().map(TaskId::to_string).collect(),
        };
        let call = self.identity.request().await?.call(request, TIMEOUT);
        let answer = self.client.clone().take_tasks(call).await?;
        Ok(answer.into_inner().tasks)
    }

    /// Lengthens leases, and tells how much the worker can do and which services it waits for.
    pub(super) async fn renew(
        &self,
        tasks: Vec<LeasedTask>,
        capacity: usize,
        parked_by: Vec<String>,
    ) -> Result<RenewTasksResponse, RpcError> {
        let request = RenewTasksRequest {
            worker: self.worker.as_str().to_owned(),
            tasks,
            capacity: u32::try_from(capacity).unwrap_or(u32::MAX),
            parked_by,
        };
        let call = self.identity.request().await?.call(request, TIMEOUT);
        Ok(self.client.clone().renew_tasks(call).await?.into_inner())
    }

    /// Tells how tasks went. Answers those that nothing was written of, because their leases were lost.
    pub(super) async fn finish(
        &self,
        tasks: Vec<FinishedTask>,
    ) -> Result<HashSet<String>, RpcError> {
        let request = FinishTasksRequest { tasks };
        let call = self.identity.request().await?.call(request, TIMEOUT);
        let answer = self.client.clone().finish_tasks(call).await?;
        Ok(answer.into_inner().lost_task_ids.into_iter().collect())
    }
}

impl Repeats {
    /// Whether history may answer it yet, after `error`.
    pub(super) fn make_sense_after(&mut self, error: &RpcError) -> bool {
        if error.code == ErrorCode::Internal {
            self.failures += 1;
        }
        self.failures < MOST_FAILURES && !is_final(error.code)
    }
}

/// Whether the same call is refused however often it is made.
fn is_final(code: ErrorCode) -> bool {
    !matches!(
        code,
        ErrorCode::Internal
            | ErrorCode::Unavailable
            | ErrorCode::DeadlineExceeded
            | ErrorCode::ResourceExhausted
            // The worker's own token, which is renewed.
            | ErrorCode::Unauthenticated
    )
}
