//! What is done about a task.

mod by_kind;
mod places;
mod time_limit;

use async_trait::async_trait;
use pupila_proto::history::v1::Task;

pub(crate) use self::by_kind::ByKind;
pub use self::time_limit::TimeLimit;
use crate::{Outcome, Service};

/// Does what a task asks for: the seam between taking tasks and working on them.
#[async_trait]
pub trait TaskRunner: Send + Sync {
    /// The services without which an attempt makes no sense now. Once it is done, all of them have answered.
    fn needs(&self, task: &Task) -> &'static [Service];

    /// What becomes of a task for which an attempt makes no sense now; `None` where it waits, for ever if need be. Never
    /// [`Outcome::Postponed`].
    fn untried(&self, _: &Task) -> Option<Outcome> {
        None
    }

    /// Makes an attempt. When the limit has passed, the task is the worker's no more, or the worker stops, the future is dropped;
    /// what it left running elsewhere is to end.
    async fn run(&self, task: &Task, limit: &TimeLimit) -> Outcome;
}
