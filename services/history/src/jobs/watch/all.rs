//! All jobs of one owner.
//!
//! A cursor is the time of a change. Replicas' clocks differ and a change is seen only after its commit, so one that bears
//! an earlier time may be seen later: whatever changed within [`OVERLAP`] before the cursor is looked at again and again. What
//! was told once, at the same revision, is not told again on the same stream.

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
    let from =
        match cursor {
            "" => None,
            text => Some(read_cursor(text).ok_or_else(|| {
                JobError::field("cursor", "must be one that an earlier message had")
            })?),
        };
    let wakes = Wakes::new(&*watch.queue, owner, None, watch.closing.clone());
    let newest = from.unwrap_or_else(|| watch.clock.now());
    let mut watcher = Watcher {
        watch,
        wakes,
        owner,
        newest,
        told: HashMap::new(),
        news: VecDeque::new(),
        last: Instant::now(),
    };
    watcher.scan().await?;
    if from.is_none() {
        // What was there before is known, or of no interest.
        watcher.news.clear();
    }
    watcher.news.push_front(watcher.nothing());
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
            match self.wakes.next().await {
                Wake::Changed(jobs) => self.look(&jobs).await?,
                Wake::Poll => self.scan().await?,
                Wake::Closing => return Ok(None),
            }
            if self.news.is_empty() && self.last.elapsed() >= SILENCE {
                self.news.push_back(self.nothing());
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

    /// Looks at all that changed lately.
    async fn scan(&mut self) -> Result<(), JobError> {
        let start = self.newest - OVERLAP;
        let mut after = Cursor {
            key: start.as_microsecond(),
            id: Uuid::nil(),
        };
        loop {
            let jobs = self
                .watch
                .view
                .changed_jobs(self.owner, after, PAGE)
                .await?;
            let more = jobs.len() == PAGE as usize;
            if let Some(last) = jobs.last() {
                after = Cursor {
                    key: last.update_time.as_microsecond(),
                    id: last.id.as_uuid(),
                };
            }
            jobs.into_iter().for_each(|job| self.tell(job));
            if !more {
                break;
            }
        }
        let start = self.newest - OVERLAP;
        self.told.retain(|_, (_, time)| *time >= start);
        Ok(())
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
        self.newest.as_microsecond().to_string()
    }
}

fn read_cursor(text: &str) -> Option<Timestamp> {
    Timestamp::from_microsecond(text.parse().ok()?).ok()
}
