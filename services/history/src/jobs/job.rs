//! A job.

use jiff::Timestamp;
use pupila_core::{ArchiveId, Cursor, JobId, UserId};
use pupila_queue::Priority;

use super::{Failure, JobState, Step};

/// Work over images that somebody asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its name for programs.
    pub id: JobId,
    /// Who asked for it, and alone may see it.
    pub owner: UserId,
    /// What people call it; may be empty.
    pub name: String,
    /// How far it is.
    pub state: JobState,
    /// Before whom it comes.
    pub priority: Priority,
    /// What is done to each image, in order.
    pub steps: Vec<Step>,
    /// Nobody is told when it ends.
    pub silent: bool,
    /// How far its items are.
    pub counts: ItemCounts,
    /// The ZIP that it came from.
    pub archive: Option<ArchiveId>,
    /// The ZIP is still being unpacked: more items come.
    pub unpacking: bool,
    /// Why it failed as a whole; it may still succeed by the items that there were before.
    pub failure: Option<Failure>,
    /// When it was asked for. All times are whole microseconds.
    pub create_time: Timestamp,
    /// When a worker first took some of it.
    pub start_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// When anything of it changed last.
    pub update_time: Timestamp,
    /// Grows with every change of the job or of one of its items, from 1.
    pub revision: i64,
}

/// How many items of a job are how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemCounts {
    /// All that are known: of a ZIP as many as it says it has, even where some of them never came.
    pub total: i64,
    /// Wait.
    pub queued: i64,
    /// Are worked on.
    pub running: i64,
    /// Are done.
    pub succeeded: i64,
    /// Are given up.
    pub failed: i64,
    /// Were called off.
    pub cancelled: i64,
}

impl Job {
    /// Ends it if nothing of it is left to do.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        let open = self.unpacking || self.counts.queued + self.counts.running > 0;
        if !open && !self.state.has_ended() {
            self.end_time = Some(now);
            self.state = match self.counts.succeeded {
                0 => JobState::Failed,
                _ => JobState::Succeeded,
            };
        }
    }

    /// Whether somebody may want to know that it ended: not where they ended it themselves.
    pub(crate) fn is_news(&self) -> bool {
        self.state.has_ended() && self.state != JobState::Cancelled && !self.silent
    }

    /// Its place in a list by creation.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }
}

impl ItemCounts {
    /// How many are in that state.
    pub fn of(&mut self, state: JobState) -> &mut i64 {
        match state {
            JobState::Queued => &mut self.queued,
            JobState::Running => &mut self.running,
            JobState::Succeeded => &mut self.succeeded,
            JobState::Failed => &mut self.failed,
            JobState::Cancelled => &mut self.cancelled,
        }
    }

    /// How many there are by now, whatever a ZIP says.
    #[must_use]
    pub const fn known(&self) -> i64 {
        self.queued + self.running + self.ended()
    }

    /// How many have ended, however.
    pub(crate) const fn ended(&self) -> i64 {
        self.succeeded + self.failed + self.cancelled
    }
}
