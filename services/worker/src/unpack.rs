//! Unpacking ZIPs: what one holds is stored with images, entry by entry, and added to its job as it comes.
//!
//! ```text
//! Unpacker     an attempt at it
//!   ├─ Archives    the ZIP, fetched into a file without a name
//!   ├─ Catalogue   which entries there are, and which of them are refused unread
//!   │    ├─ CentralDirectory   what the ZIP lists, header by header
//!   │    └─ places   which bytes are whose
//!   ├─ Storing     one entry: unpacked, stored, made an item
//!   └─ Additions   items in small groups, on their way to history
//! ```
//!
//! A ZIP is never believed. Sizes are counted while unpacking, names are only shown, and nothing is written anywhere by
//! the name that it has. One bad entry is an item that failed; the others go on.

mod additions;
mod archive_file;
mod archives;
mod catalogue;
mod central_directory;
mod entry;
mod error;
mod names;
mod places;
mod storing;
#[cfg(test)]
mod tests;

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use pupila_core::{ErrorCode, Fault as _};
use pupila_proto::history::v1::{Task, UnpackArchive};
use pupila_runtime::{context::RequestContext, identity::ServiceIdentity};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep_until},
};

use self::{
    additions::{Additions, Jobs},
    archive_file::ArchiveFile,
    archives::Archives,
    catalogue::{Bounds, Catalogue},
    error::ArchiveError,
    storing::Storing,
};
use crate::{Outcome, Service, Upstreams, WorkerConfig, delegation::Delegation, images::Images};

/// Entries that are unpacked and stored at the same time.
const AT_ONCE: usize = 4;

/// Unpacks ZIPs.
#[derive(Clone)]
pub(crate) struct Unpacker {
    delegation: Delegation,
    images: Images,
    archives: Archives,
    jobs: Jobs,
    bounds: Bounds,
    /// How long an attempt may take. It is given back then, and goes on where it was.
    time_box: Duration,
}

impl Unpacker {
    /// Reads archives from and stores entries with images on behalf of their owners; tells history as `identity`.
    pub(crate) fn new(
        config: &WorkerConfig,
        upstreams: &Upstreams,
        delegation: Delegation,
        images: Images,
        identity: ServiceIdentity,
    ) -> Self {
        let timeout = Duration::from_secs(config.call_timeout_seconds);
        Self {
            delegation,
            images,
            archives: Archives::new(upstreams.images.clone(), timeout),
            jobs: Jobs::new(upstreams.history.clone(), identity),
            bounds: Bounds::new(config.limits.max_image_bytes),
            // An attempt that runs into the limit of all tasks is one that failed.
            time_box: Duration::from_secs(config.task_timeout_seconds) / 2,
        }
    }

    /// An attempt at `work`. What it adds stays added when it breaks off; what it stored and did not add is found again
    /// by the next one, because entries are stored under keys that go by the job and their position.
    pub(crate) async fn run(&self, task: &Task, work: &UnpackArchive) -> Outcome {
        match self.unpack(task, work).await {
            Ok(()) => Outcome::done(),
            Err(outcome) => outcome,
        }
    }

    /// Unpacks all of it.
    ///
    /// # Errors
    /// The outcome of an attempt that ends before.
    async fn unpack(&self, task: &Task, work: &UnpackArchive) -> Result<(), Outcome> {
        let end = Instant::now() + self.time_box;
        let context = self.delegation.context(task).await?;
        let Some(archive) = self.archives.fetch(&context, &work.archive_id).await? else {
            return Err(absent(&work.archive_id));
        };
        let catalogue = self.catalogue(&context, work, archive).await?;
        let first = work.next_position;
        let mut additions = Additions::new(&self.jobs, task, first, catalogue.len());
        let storing = Storing::new(self, task, first, catalogue.archive.clone());
        // After a failure one by one: where images is lost, the entry that it was at is the one to blame.
        let at_once = if task.attempt > 1 { 1 } else { AT_ONCE };
        let mut items = stream::iter(catalogue.from(first))
            .map(|(position, entry)| storing.item(position, entry))
            .buffered(at_once);
        loop {
            tokio::select! {
                biased;
                item = items.next() => match item {
                    Some(Ok(item)) => additions.push(item).await?,
                    Some(Err(outcome)) => {
                        additions.flush().await?;
                        return Err(outcome);
                    }
                    None => break,
                },
                () = additions.due() => additions.flush().await?,
                // Only after a step forward, or it would go on for ever.
                () = sleep_until(end), if additions.any() => {
                    additions.flush().await?;
                    return Err(Outcome::Postponed { delay: Duration::ZERO });
                }
            }
        }
        additions.flush().await?;
        // The token that it began with may have ended.
        let context = self.delegation.context(task).await?;
        self.archives.delete(&context, &work.archive_id).await;
        Ok(())
    }

    /// What the archive lists.
    ///
    /// # Errors
    /// The outcome of an attempt at an archive that cannot be worked on. Where that will not get better, the archive is
    /// deleted: it counts against the quota of its owner.
    async fn catalogue(
        &self,
        context: &RequestContext,
        work: &UnpackArchive,
        archive: ArchiveFile,
    ) -> Result<Catalogue, Outcome> {
        let most = usize::try_from(work.max_items).unwrap_or(usize::MAX);
        let bounds = self.bounds;
        let read = spawn_blocking(move || Catalogue::read(archive, most, &bounds)).await;
        match read.map_err(|panic| failed(&panic))? {
            Ok(catalogue) => Ok(catalogue),
            Err(ArchiveError::Disk(error)) => Err(failed(&error)),
            Err(refusal) => {
                self.archives.delete(context, &work.archive_id).await;
                let (code, reason) = (refusal.code(), refusal.reason());
                Err(refused(code, reason, refusal.to_string()))
            }
        }
    }
}

/// The archive is not there. Whatever an attempt before this one has added, there may have been more: to say that it is done
/// could lose images in silence. Whether there was more is known to history, which takes it for done where there was not.
fn absent(id: &str) -> Outcome {
    let detail = format!("archive `{id}` does not exist");
    refused(ErrorCode::NotFound, "ARCHIVE_NOT_FOUND", detail)
}

/// It will not work, as what images answered shows.
fn refused(code: ErrorCode, reason: &str, detail: String) -> Outcome {
    Outcome::refused_after(Service::Images, code, reason, detail)
}

/// A fault of ours, such as a disk that is full: another worker may do better.
fn failed(error: &dyn std::error::Error) -> Outcome {
    let error = pupila_runtime::rpc::with_causes(error);
    tracing::error!(error, "an archive was not unpacked");
    let detail = "the archive could not be worked on";
    Outcome::stumbled(ErrorCode::Internal, "WORKER_FAILED", detail)
}
