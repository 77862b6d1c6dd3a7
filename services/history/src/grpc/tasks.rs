//! Tasks over gRPC, for workers.

use pupila_core::TaskId;
use pupila_proto::history::v1::{self as proto, task_service_server::TaskService as TaskApi};
use pupila_queue::WorkerName;
use pupila_runtime::rpc;
use tonic::{Request, Response, Status};

use super::jobs::{decode, encode};
use crate::jobs::{Take, Tasks};

/// `pupila.history.v1.TaskService`.
#[derive(Clone)]
pub(crate) struct TaskService {
    tasks: Tasks,
}

impl TaskService {
    /// A service over `tasks`.
    pub(crate) fn new(tasks: Tasks) -> Self {
        Self { tasks }
    }
}

#[tonic::async_trait]
impl TaskApi for TaskService {
    async fn take_tasks(
        &self,
        request: Request<proto::TakeTasksRequest>,
    ) -> Result<Response<proto::TakeTasksResponse>, Status> {
        let request = request.into_inner();
        let take = Take {
            tasks: decode::task_ids(&request.task_ids).map_err(rpc::into_status)?,
            worker: WorkerName::new(request.worker),
        };
        let taken = self.tasks.take(take).await.map_err(rpc::into_status)?;
        let max_items = self.tasks.max_items();
        let tasks = taken.into_iter().map(|task| encode::task(task, max_items));
        Ok(Response::new(proto::TakeTasksResponse {
            tasks: tasks.collect(),
        }))
    }

    async fn renew_tasks(
        &self,
        request: Request<proto::RenewTasksRequest>,
    ) -> Result<Response<proto::RenewTasksResponse>, Status> {
        let request = request.into_inner();
        let tasks = decode::leased_tasks(&request.tasks).map_err(rpc::into_status)?;
        let worker = WorkerName::new(request.worker);
        let lost = self
            .tasks
            .renew(worker, tasks, request.capacity, request.parked_by)
            .await
            .map_err(rpc::into_status)?;
        Ok(Response::new(proto::RenewTasksResponse {
            lost_task_ids: lost.iter().map(TaskId::to_string).collect(),
            // Configured in whole seconds, and few.
            lease_duration: self.tasks.lease().try_into().ok(),
        }))
    }

    async fn finish_tasks(
        &self,
        request: Request<proto::FinishTasksRequest>,
    ) -> Result<Response<proto::FinishTasksResponse>, Status> {
        let messages = request.into_inner().tasks.into_iter().enumerate();
        let finished: Vec<_> = messages
            .map(|(n, message)| decode::finished(n, message, rand::random()))
            .collect::<Result<_, _>>()
            .map_err(rpc::into_status)?;
        let ids: Vec<_> = finished.iter().map(|of| of.task.task).collect();
        let written = self.tasks.finish(finished).await;
        let written = written.map_err(rpc::into_status)?;
        let told = ids.into_iter().zip(written);
        Ok(Response::new(proto::FinishTasksResponse {
            lost_task_ids: told
                .filter(|(_, written)| !written)
                .map(|(id, _)| id.to_string())
                .collect(),
        }))
    }

    async fn add_items(
        &self,
        request: Request<proto::AddItemsRequest>,
    ) -> Result<Response<proto::AddItemsResponse>, Status> {
        let addition = decode::addition(request.into_inner()).map_err(rpc::into_status)?;
        let added = self.tasks.add_items(&addition).await;
        added.map_err(rpc::into_status)?;
        Ok(Response::new(proto::AddItemsResponse {}))
    }
}
