//! Calls, as the services get them.

use pupila_core::{TaskId, UserId};
use pupila_proto::history::v1::{self as proto, finished_task::Outcome, task::Work};
use pupila_runtime::rpc::RpcError;
use uuid::Uuid;

use super::act::Ending;
use crate::fixtures::{
    TestJobs, broken, done, failed, given_back, gone, items, job_of, leased, refused,
};

/// A call, or what history does by itself.
#[derive(Debug)]
pub(super) enum Call {
    Create(UserId, proto::CreateJobRequest),
    Cancel(UserId, String),
    Retry(UserId, String),
    Erase(UserId),
    Take(u8, Vec<TaskId>),
    Beat(u8, Vec<proto::LeasedTask>),
    Finish(proto::Task, Ending),
    Add(proto::Task, proto::AddItemsRequest),
    Sweep,
}

/// The answer.
#[derive(Debug)]
pub(super) enum Reply {
    Job(Result<Box<proto::Job>, RpcError>),
    Added(Result<(), RpcError>),
    Taken(Vec<proto::Task>),
    Lost(Vec<String>),
    Nothing,
}

impl Call {
    /// A job over so many images, and so many files that are none.
    pub(super) fn create(owner: UserId, images: u8, refusals: u8) -> Self {
        let mut request = job_of(images.into());
        request.items.extend((0..refusals).map(|_| refused()));
        Self::Create(owner, request)
    }

    pub(super) fn create_from_zip(owner: UserId) -> Self {
        let request = proto::CreateJobRequest {
            archive_id: Uuid::from_u128(5).to_string(),
            ..job_of(0)
        };
        Self::Create(owner, request)
    }

    pub(super) fn beat<'a>(worker: u8, held: impl Iterator<Item = &'a proto::Task>) -> Self {
        Self::Beat(worker, held.map(leased).collect())
    }

    /// So many images from the position `first` on, of `total`.
    pub(super) fn add(task: &proto::Task, first: u32, images: u128, total: u32) -> Self {
        let request = proto::AddItemsRequest {
            task: Some(leased(task)),
            first_position: first,
            items: items(images),
            total,
        };
        Self::Add(task.clone(), request)
    }

    pub(super) async fn send(&self, process: &TestJobs) -> Reply {
        match self {
            Self::Create(owner, request) => {
                let reply = process.create_for(*owner, request.clone()).await;
                Reply::Job(reply.map(Box::new))
            }
            Self::Cancel(owner, job) => {
                Reply::Job(process.cancel_for(*owner, job).await.map(Box::new))
            }
            Self::Retry(owner, job) => {
                Reply::Job(process.retry_for(*owner, job).await.map(Box::new))
            }
            Self::Erase(owner) => {
                process.erase(*owner).await;
                Reply::Nothing
            }
            Self::Take(worker, tasks) => Reply::Taken(process.take(&name(*worker), tasks).await),
            Self::Beat(worker, held) => Reply::Lost(process.renew(&name(*worker), held).await),
            Self::Finish(task, how) => Reply::Lost(process.finish(vec![told(task, *how)]).await),
            Self::Add(_, request) => Reply::Added(process.add_items(request.clone()).await),
            Self::Sweep => {
                process.sweep().await;
                Reply::Nothing
            }
        }
    }
}

fn name(worker: u8) -> String {
    format!("w-{worker}")
}

fn told(task: &proto::Task, how: Ending) -> proto::FinishedTask {
    let mut told = match how {
        Ending::Done => done(task),
        Ending::MayPass => failed(task, true),
        Ending::Refused => failed(task, false),
        Ending::Broken => broken(task),
        Ending::Gone => gone(task),
        Ending::GivenBack => given_back(task, None),
    };
    if let (Some(Work::NotifyOwner(_)), Some(Outcome::Done(done))) = (&task.work, &mut told.outcome)
    {
        done.routes = vec!["mail".to_owned()];
    }
    told
}
