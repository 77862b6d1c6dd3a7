//! One job, until it has ended.

use futures_util::stream::{self, BoxStream, StreamExt as _};
use pupila_core::{JobId, UserId};

use super::{
    JobNews, Watch,
    wakes::{Wake, Wakes},
};
use crate::jobs::{JobError, Place};

/// Most items of a message.
const ITEMS: u32 = 500;

pub(super) async fn stream(
    watch: Watch,
    owner: UserId,
    id: JobId,
    known: i64,
) -> Result<BoxStream<'static, Result<JobNews, JobError>>, JobError> {
    // Before the first look, so that nothing changes unseen in between.
    let wakes = Wakes::new(&*watch.queue, owner, Some(id), watch.closing.clone());
    let mut watcher = Watcher {
        watch,
        wakes,
        owner,
        id,
        seen: Place::after(known),
        phase: Phase::Behind,
    };
    let first = watcher.look().await?;
    let rest = stream::try_unfold(watcher, |mut watcher| async move {
        let news = watcher.next().await?;
        Ok(news.map(|news| (news, watcher)))
    });
    // Even where the caller knows it all: so they learn that it has ended.
    Ok(stream::once(async { Ok(first) }).chain(rest).boxed())
}

struct Watcher {
    watch: Watch,
    wakes: Wakes,
    owner: UserId,
    id: JobId,
    seen: Place,
    phase: Phase,
}

/// How much of the job's last look was told.
enum Phase {
    /// More is there to be told at once.
    Behind,
    /// All of it.
    UpToDate,
    /// All of it, and no more comes.
    Over,
}

impl Watcher {
    async fn next(&mut self) -> Result<Option<JobNews>, JobError> {
        loop {
            match self.phase {
                Phase::Behind => return self.look().await.map(Some),
                Phase::Over => return Ok(None),
                Phase::UpToDate => {}
            }
            if self.wakes.next().await == Wake::Closing {
                return Ok(None);
            }
            let before = self.seen.revision;
            let news = self.look().await?;
            if news.job.revision > before {
                return Ok(Some(news));
            }
        }
    }

    async fn look(&mut self) -> Result<JobNews, JobError> {
        let view = &self.watch.view;
        let found = view
            .changed_items(self.owner, self.id, self.seen, ITEMS)
            .await?;
        let (job, items) = found.ok_or(JobError::NotFound(self.id))?;
        let cut = items.last().filter(|_| items.len() == ITEMS as usize);
        let known = match cut {
            // Others of the same revision may follow.
            Some(last) => {
                self.seen = Place::of(last);
                self.phase = Phase::Behind;
                last.revision - 1
            }
            None => {
                self.seen = Place::after(job.revision);
                self.phase = match job.state.has_ended() {
                    true => Phase::Over,
                    false => Phase::UpToDate,
                };
                job.revision
            }
        };
        Ok(JobNews { job, items, known })
    }
}
