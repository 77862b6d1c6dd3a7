//! What is done about a task.

mod by_kind;

use async_trait::async_trait;
use pupila_proto::history::v1::Task;
use tokio_util::sync::CancellationToken;

pub(crate) use self::by_kind::ByKind;
use crate::Outcome;

/// Does what a task asks for: the seam between taking tasks and working on them.
#[async_trait]
pub trait TaskRunner: Send + Sync {
    /// The services without which an attempt makes no sense, such as `inference`.
    fn needs(&self, task: &Task) -> &'static [&'static str];

    /// Makes an attempt. When `stop` is cancelled, the task is the worker's no more or the worker stops: the future is dropped
    /// then, and what it left running elsewhere is to end.
    async fn run(&self, task: &Task, stop: &CancellationToken) -> Outcome;
}
