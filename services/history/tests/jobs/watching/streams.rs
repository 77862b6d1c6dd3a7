//! Streams, as those who watch.

use pupila_core::UserId;
use pupila_proto::history::v1 as proto;
use pupila_queue::Change;
use pupila_runtime::rpc::RpcError;
use tonic::Streaming;

use crate::fixtures::{TestJobs, user};

/// What is told, one message after another.
#[derive(Debug)]
pub(super) struct News<T>(Streaming<T>);

impl<T> News<T> {
    /// The next message, of which there must be one.
    pub(super) async fn next(&mut self) -> T {
        self.more().await.expect("it goes on")
    }

    /// The next message, unless it has ended.
    pub(super) async fn more(&mut self) -> Option<T> {
        self.0.message().await.expect("no error")
    }

    /// Why it ends.
    pub(super) async fn end(&mut self) -> RpcError {
        loop {
            if let Err(status) = self.0.message().await {
                return status.into();
            }
        }
    }
}

impl News<proto::WatchJobsResponse> {
    /// What is told of a job first.
    pub(super) async fn until(&mut self, job: &str) -> proto::WatchJobsResponse {
        loop {
            let message = self.next().await;
            if message.job.as_ref().is_some_and(|told| told.id == job) {
                return message;
            }
        }
    }
}

/// A message about a job.
pub(super) trait AboutJob {
    fn job(&self) -> &proto::Job;
}

impl AboutJob for proto::WatchJobResponse {
    fn job(&self) -> &proto::Job {
        self.job.as_ref().expect("a job")
    }
}

impl AboutJob for proto::WatchJobsResponse {
    fn job(&self) -> &proto::Job {
        self.job.as_ref().expect("a job")
    }
}

impl TestJobs {
    pub(super) async fn watch_job(
        &self,
        owner: UserId,
        id: &str,
        known_revision: i64,
    ) -> Result<News<proto::WatchJobResponse>, RpcError> {
        let id = id.to_owned();
        let request = proto::WatchJobRequest { id, known_revision };
        let call = self.call(&user(owner), request);
        Ok(News(self.jobs.clone().watch_job(call).await?.into_inner()))
    }

    pub(super) async fn watch_jobs(
        &self,
        owner: UserId,
        cursor: &str,
    ) -> Result<News<proto::WatchJobsResponse>, RpcError> {
        let cursor = cursor.to_owned();
        let call = self.call(&user(owner), proto::WatchJobsRequest { cursor });
        Ok(News(self.jobs.clone().watch_jobs(call).await?.into_inner()))
    }

    /// Says that one of the owner's jobs changed.
    pub(super) async fn wake(&self, owner: UserId, job: &str) {
        let job = job.parse().expect("a job's id");
        let said = self.queue.announce(&[Change { job, owner }]).await;
        said.expect("a queue in memory");
    }
}
