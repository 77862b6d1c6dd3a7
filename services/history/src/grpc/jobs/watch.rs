//! Streams of changes.

use futures_util::StreamExt as _;
use pupila_core::UserId;
use pupila_proto::history::v1 as proto;
use pupila_runtime::rpc;
use tonic::Status;

use super::{Messages, decode, encode};
use crate::jobs::{JobError, JobNews, JobsNews, Watch};

/// The job and what changes of it.
pub(super) async fn job(
    watch: &Watch,
    owner: UserId,
    request: proto::WatchJobRequest,
) -> Result<Messages<proto::WatchJobResponse>, Status> {
    let id = decode::id("id", &request.id).map_err(rpc::into_status)?;
    let news = watch.job(owner, id, request.known_revision).await;
    let messages = news.map_err(rpc::into_status)?.map(|news| {
        let JobNews { job, items, known } = news.map_err(rpc::into_status::<JobError>)?;
        Ok(proto::WatchJobResponse {
            job: Some(encode::job(job)),
            items: items.into_iter().map(encode::item).collect(),
            known_revision: known,
        })
    });
    Ok(messages.boxed())
}

/// What changes of all of the owner's jobs.
pub(super) async fn jobs(
    watch: &Watch,
    owner: UserId,
    request: proto::WatchJobsRequest,
) -> Result<Messages<proto::WatchJobsResponse>, Status> {
    let news = watch.jobs(owner, &request.cursor).await;
    let messages = news.map_err(rpc::into_status)?.map(|news| {
        let JobsNews { job, cursor } = news.map_err(rpc::into_status::<JobError>)?;
        Ok(proto::WatchJobsResponse {
            job: job.map(encode::job),
            cursor,
        })
    });
    Ok(messages.boxed())
}
