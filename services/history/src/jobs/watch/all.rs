//! All jobs of one owner.
//!
//! A cursor is the time of a change. Replicas' clocks differ and a change is seen only after its commit, so one that bears
//! an earlier time may be seen later: whatever changed within [`OVERLAP`] before the cursor is looked at again and again. What
//! was told once, at the same revision, is not told again on the same stream. However much there is to tell, a page of it at
//! a time is read, once the one before was taken.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use futures_util::stream::{self, BoxStream, StreamExt as _};
use jiff::Timestamp;
use pupila_core::{Cursor, JobId, UserId};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    JobsNews, Watch,
    wakes::{Wake, Wakes},
};
use crate::jobs::{Job, JobError};

/// More than replicas' clocks differ and a commit takes.
const OVERLAP: Duration = Duration::from_secs(10);
/// A watcher to whom nothing was told for so long is told the cursor.
const SILENCE: Duration = Duration::from_secs(60);
/// Jobs that are read at once.
const PAGE: u32 = 200;

pub(super) async fn stream(
    watch: Watch,
    owner: UserId,
    cursor: &str,
) -> Result<BoxStream<'static, Result<JobsNews, JobError>>, JobError> {
    let now = watch.clock.now();
    let from =
        match cursor {
            "" => None,
            text => Some(read_cursor(text, now).ok_or_else(|| {
                JobError::field("cursor", "must be one that an earlier message had")
            })?),
        };
    let wakes = Wakes::new(&*watch.queue, owner, None, watch.closing.clone());
    let mut watcher = Watcher {
        watch,
        wakes,
        owner,
        newest: from.unwrap_or(now),
        told: HashMap::new(),
        news: VecDeque::new(),
        scanned: None,
        last: Instant::now(),
    };
    watcher.scan();
    watcher.read_page().await?;
    if from.is_none() {
        // What was there before is known, or of no interest.
        watcher.news.clear();
        while watcher.scanned.is_some() {
            watcher.read_page().await?;
            watcher.news.clear();
        }
    }
    watcher.news.push_front(JobsNews {
        job: None,
        cursor: write_cursor(from.unwrap_or(watcher.newest)),
    });
    let news = stream::try_unfold(watcher, |mut watcher| async move {
        let news = watcher.next().await?;
        Ok(news.map(|news| (news, watcher)))
    });
    Ok(news.boxed())
}

struct Watcher {
    watch: Watch,
    wakes: Wakes,
    owner: UserId,
    /// The time of the newest change that was seen.
    newest: Timestamp,
    /// The revisions of jobs that changed lately, and when.
    told: HashMap<JobId, (i64, Timestamp)>,
    news: VecDeque<JobsNews>,
    /// Up to where a look at all that changed lately has come; `None` between two of these.
    scanned: Option<Cursor>,
    /// When anything was told last.
    last: Instant,
}

impl Watcher {
    async fn next(&mut self) -> Result<Option<JobsNews>, JobError> {
        loop {
            if let Some(news) = self.news.pop_front() {
                self.last = Instant::now();
                return Ok(Some(news));
            }
            if self.scanned.is_some() {
                self.read_page().await?;
                continue;
            }
            if self.last.elapsed() >= SILENCE {
                self.news.push_back(self.nothing());
                continue;
            }
            match self.wakes.next().await {
                Wake::Changed(jobs) => self.look(&jobs).await?,
                Wake::Poll => self.scan(),
                Wake::Closing => return Ok(None),
            }
        }
    }

    /// Looks at these jobs.
    async fn look(&mut self, jobs: &BTreeSet<JobId>) -> Result<(), JobError> {
        let jobs: Vec<_> = jobs.iter().copied().collect();
        for some in jobs.chunks(PAGE as usize) {
            let mut found = self.watch.view.jobs(self.owner, some).await?;
            found.sort_unstable_by_key(|job| (job.update_time, job.id));
            found.into_iter().for_each(|job| self.tell(job));
        }
        Ok(())
    }

    /// Begins to look at all that changed lately.
    fn scan(&mut self) {
        self.scanned = Some(Cursor {
            key: self.horizon(),
            id: Uuid::nil(),
        });
    }

    /// Goes on with that.
    async fn read_page(&mut self) -> Result<(), JobError> {
        let Some(after) = self.scanned.take() else {
            return Ok(());
        };
        let view = &self.watch.view;
        let jobs = view.changed_jobs(self.owner, after, PAGE).await?;
        let last = jobs.last().filter(|_| jobs.len() == PAGE as usize);
        self.scanned = last.map(|last| Cursor {
            key: last.update_time.as_microsecond(),
            id: last.id.as_uuid(),
        });
        jobs.into_iter().for_each(|job| self.tell(job));
        let horizon = self.horizon();
        self.told
            .retain(|_, (_, time)| time.as_microsecond() >= horizon);
        Ok(())
    }

    /// Since when what changes is looked at again, in epoch microseconds.
    fn horizon(&self) -> i64 {
        let overlap = OVERLAP.as_micros().try_into().unwrap_or(i64::MAX);
        self.newest.as_microsecond().saturating_sub(overlap)
    }

    fn tell(&mut self, job: Job) {
        let told = self.told.get(&job.id);
        if told.is_some_and(|(revision, _)| *revision >= job.revision) {
            return;
        }
        self.told.insert(job.id, (job.revision, job.update_time));
        self.newest = self.newest.max(job.update_time);
        let cursor = self.cursor();
        let job = Some(job);
        self.news.push_back(JobsNews { job, cursor });
    }

    fn nothing(&self) -> JobsNews {
        let cursor = self.cursor();
        JobsNews { job: None, cursor }
    }

    fn cursor(&self) -> String {
        write_cursor(self.newest)
    }
}

fn write_cursor(time: Timestamp) -> String {
    time.as_microsecond().to_string()
}

/// No replica wrote one that is ahead of every clock.
fn read_cursor(text: &str, now: Timestamp) -> Option<Timestamp> {
    let time = Timestamp::from_microsecond(text.parse().ok()?).ok()?;
    let latest = now.saturating_add(OVERLAP).unwrap_or(Timestamp::MAX);
    (Timestamp::UNIX_EPOCH..=latest)
        .contains(&time)
        .then_some(time)
}
