//! Telling those who look on what changes. What there is to tell is in the database, so that any replica can tell it and a
//! watcher can go on with another one; the queue only says when it is worth looking.

mod all;
mod one;
mod wakes;

use std::{sync::Arc, time::Duration};

use futures_util::stream::BoxStream;
use pupila_core::{Clock, JobId, UserId};
use pupila_queue::Queue;
use tokio_util::sync::CancellationToken;

use super::{Item, Job, JobError, JobView};

/// Everything is looked at so often, whatever the queue says: its word may be lost.
const POLL: Duration = Duration::from_secs(2);
/// Between two messages of one stream: what changes meanwhile comes as one.
const PAUSE: Duration = Duration::from_millis(20);

/// Tells watchers what changes.
#[derive(Clone)]
pub struct Watch {
    view: Arc<dyn JobView>,
    queue: Arc<dyn Queue>,
    clock: Arc<dyn Clock>,
    closing: CancellationToken,
}

/// A job, and what changed of its items.
#[derive(Debug, Clone, PartialEq)]
pub struct JobNews {
    /// The job.
    pub job: Job,
    /// Items that changed, by their revision.
    pub items: Vec<Item>,
    /// The revision to go on after; below the job's while more follows.
    pub known: i64,
}

/// A job that changed, and where to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct JobsNews {
    /// The job; `None` where nothing happened for a while.
    pub job: Option<Job>,
    /// Where to go on after this.
    pub cursor: String,
}

impl Watch {
    /// Watches what `view` shows; looks when `queue` says so. Every stream ends when `closing` is cancelled.
    #[must_use]
    pub fn new(
        view: Arc<dyn JobView>,
        queue: Arc<dyn Queue>,
        clock: Arc<dyn Clock>,
        closing: CancellationToken,
    ) -> Self {
        Self {
            view,
            queue,
            clock,
            closing,
        }
    }

    /// The job as it is, then each change after the revision `known`, until it has ended.
    ///
    /// # Errors
    /// `JOB_NOT_FOUND`, or a store that is away; one that goes away later ends the stream with an error.
    pub async fn job(
        &self,
        owner: UserId,
        id: JobId,
        known: i64,
    ) -> Result<BoxStream<'static, Result<JobNews, JobError>>, JobError> {
        one::stream(self.clone(), owner, id, known).await
    }

    /// Every change of the owner's jobs, from now on or from a cursor. A change may come twice.
    ///
    /// # Errors
    /// A cursor that no message had, or a store that is away; one that goes away later ends the stream with an error.
    pub async fn jobs(
        &self,
        owner: UserId,
        cursor: &str,
    ) -> Result<BoxStream<'static, Result<JobsNews, JobError>>, JobError> {
        all::stream(self.clone(), owner, cursor).await
    }
}
