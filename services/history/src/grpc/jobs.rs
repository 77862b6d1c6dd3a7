//! Jobs over gRPC, for their owners.

mod counts;
pub(super) mod decode;
pub(super) mod encode;
mod watch;

use std::sync::Arc;

use futures_util::stream::BoxStream;
use pupila_core::{Clock, Page};
use pupila_proto::history::v1::{self as proto, job_service_server::JobService as JobApi};
use pupila_queue::Queue;
use pupila_runtime::{identity, rpc};
use tonic::{Request, Response, Status};

use crate::jobs::{JobError, JobView, Jobs, Watch};

/// A stream of answers.
type Messages<T> = BoxStream<'static, Result<T, Status>>;

/// `pupila.history.v1.JobService`.
#[derive(Clone)]
pub(crate) struct JobService {
    pub(crate) jobs: Jobs,
    pub(crate) watch: Watch,
    pub(crate) view: Arc<dyn JobView>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) clock: Arc<dyn Clock>,
}

#[tonic::async_trait]
impl JobApi for JobService {
    type WatchJobStream = Messages<proto::WatchJobResponse>;
    type WatchJobsStream = Messages<proto::WatchJobsResponse>;

    async fn create_job(
        &self,
        request: Request<proto::CreateJobRequest>,
    ) -> Result<Response<proto::CreateJobResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let key = decode::optional_key(&request.idempotency_key).map_err(rpc::into_status)?;
        let new = decode::new_job(request).map_err(rpc::into_status)?;
        let job = self.jobs.create(owner, new, key).await;
        let job = Some(encode::job(job.map_err(rpc::into_status)?));
        Ok(Response::new(proto::CreateJobResponse { job }))
    }

    async fn get_job(
        &self,
        request: Request<proto::GetJobRequest>,
    ) -> Result<Response<proto::GetJobResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let id = decode::id("id", &request.into_inner().id).map_err(rpc::into_status)?;
        let job = self.jobs.find(owner, id).await;
        let job = Some(encode::job(job.map_err(rpc::into_status)?));
        Ok(Response::new(proto::GetJobResponse { job }))
    }

    async fn list_jobs(
        &self,
        request: Request<proto::ListJobsRequest>,
    ) -> Result<Response<proto::ListJobsResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let state = decode::optional_state(request.state).map_err(rpc::into_status)?;
        let page = Page::new(request.page_size, &request.page_token).map_err(rpc::into_status)?;
        let listing = self.jobs.list(owner, state, page).await;
        let listing = listing.map_err(rpc::into_status)?;
        let next = listing.next.map(|cursor| cursor.to_token());
        Ok(Response::new(proto::ListJobsResponse {
            jobs: listing.items.into_iter().map(encode::job).collect(),
            next_page_token: next.unwrap_or_default(),
        }))
    }

    async fn list_items(
        &self,
        request: Request<proto::ListItemsRequest>,
    ) -> Result<Response<proto::ListItemsResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let id = decode::id("job_id", &request.job_id).map_err(rpc::into_status)?;
        let state = decode::optional_state(request.state).map_err(rpc::into_status)?;
        let page = Page::new(request.page_size, &request.page_token).map_err(rpc::into_status)?;
        let listing = self.jobs.items(owner, id, state, page).await;
        let listing = listing.map_err(rpc::into_status)?;
        let next = listing.next.map(|cursor| cursor.to_token());
        Ok(Response::new(proto::ListItemsResponse {
            items: listing.items.into_iter().map(encode::item).collect(),
            next_page_token: next.unwrap_or_default(),
        }))
    }

    async fn cancel_job(
        &self,
        request: Request<proto::CancelJobRequest>,
    ) -> Result<Response<proto::CancelJobResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let id = decode::id("id", &request.into_inner().id).map_err(rpc::into_status)?;
        let job = self.jobs.cancel(owner, id).await;
        let job = Some(encode::job(job.map_err(rpc::into_status)?));
        Ok(Response::new(proto::CancelJobResponse { job }))
    }

    async fn retry_job(
        &self,
        request: Request<proto::RetryJobRequest>,
    ) -> Result<Response<proto::RetryJobResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let id = decode::id("id", &request.into_inner().id).map_err(rpc::into_status)?;
        let job = self.jobs.retry(owner, id).await;
        let job = Some(encode::job(job.map_err(rpc::into_status)?));
        Ok(Response::new(proto::RetryJobResponse { job }))
    }

    async fn get_report(
        &self,
        request: Request<proto::GetReportRequest>,
    ) -> Result<Response<proto::GetReportResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let id = decode::id("id", &request.into_inner().id).map_err(rpc::into_status)?;
        let found = self.view.report(owner, id).await;
        let found = found.and_then(|found| found.ok_or(JobError::NotFound(id)));
        let (job, report) = found.map_err(rpc::into_status)?;
        Ok(Response::new(counts::report(job, report)))
    }

    async fn watch_job(
        &self,
        request: Request<proto::WatchJobRequest>,
    ) -> Result<Response<Self::WatchJobStream>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let messages = watch::job(&self.watch, owner, request.into_inner()).await?;
        Ok(Response::new(messages))
    }

    async fn watch_jobs(
        &self,
        request: Request<proto::WatchJobsRequest>,
    ) -> Result<Response<Self::WatchJobsStream>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let messages = watch::jobs(&self.watch, owner, request.into_inner()).await?;
        Ok(Response::new(messages))
    }

    async fn get_queue(
        &self,
        _: Request<proto::GetQueueRequest>,
    ) -> Result<Response<proto::GetQueueResponse>, Status> {
        let now = self.clock.now();
        let load = self.view.load(now).await.map_err(rpc::into_status)?;
        let failures = self.view.failures(now).await.map_err(rpc::into_status)?;
        let available = self.queue.ping().await.is_ok();
        Ok(Response::new(counts::queue(load, failures, available)))
    }
}
