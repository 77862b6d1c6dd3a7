//! How much of an owner's is open, and how much more may be.

use pupila_core::UserId;
use pupila_queue::Share;

use super::{ItemCounts, Job, JobError};

/// What a ZIP counts as before it is known how much it holds.
pub(crate) const UNOPENED: i64 = 1_000;

/// All of an owner's that is open: what waits, what is worked on, and what is still to come out of ZIPs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Backlog {
    /// Images, of ZIPs as many as they say they hold.
    pub(crate) items: i64,
    /// ZIPs that were not opened yet.
    pub(crate) unopened: i64,
}

/// Room in an owner's backlog, which whoever makes it longer asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    /// Whose.
    pub(crate) owner: UserId,
    /// By how much it grows.
    pub(crate) growth: i64,
    share: Share,
    by: Claimant,
}

#[derive(Debug, Clone, Copy)]
enum Claimant {
    /// A job that is new, or asked for again.
    Job,
    /// A ZIP whose job was admitted, and that holds more than it was counted as: so many images.
    Zip { known: i64 },
}

impl Backlog {
    /// One that is at most so long, whatever it is made of.
    pub(crate) const fn at_most(items: i64) -> Self {
        Self { items, unopened: 0 }
    }

    pub(crate) const fn size(self) -> i64 {
        self.items + self.unopened * UNOPENED
    }
}

impl Claim {
    /// That of a job as it is about to be; before it counted nothing.
    pub(crate) fn of(job: &Job, share: Share) -> Self {
        Self {
            owner: job.owner,
            growth: job.charge(),
            share,
            by: Claimant::Job,
        }
    }

    /// That of a job whose ZIP turned out to hold more than it was known to `before`.
    pub(crate) fn of_zip(job: &Job, before: &Job, share: Share) -> Self {
        let known = match before.counts.total {
            0 => 0,
            _ => before.charge(),
        };
        Self {
            owner: job.owner,
            growth: job.charge() - before.charge(),
            share,
            by: Claimant::Zip { known },
        }
    }

    /// Whether there is room. A ZIP needs room for one image only besides its own, or one that holds much could wait for ever
    /// while its owner asks for more; of several, one at a time is more than there is room for.
    pub(crate) fn fits(&self, backlog: Backlog) -> bool {
        let number = |count: i64| usize::try_from(count).unwrap_or_default();
        let (open, count) = match self.by {
            Claimant::Job => (backlog.size(), self.growth),
            Claimant::Zip { known } => (backlog.items - known, 1),
        };
        self.growth <= 0 || self.share.admits(number(open), number(count))
    }

    /// What is told where there is no room.
    pub(crate) const fn refusal(&self) -> JobError {
        match self.by {
            Claimant::Job => JobError::QueueFull,
            Claimant::Zip { .. } => JobError::ZipWaits,
        }
    }
}

impl Job {
    /// What it counts in its owner's backlog.
    pub(crate) fn charge(&self) -> i64 {
        let ItemCounts { total, .. } = self.counts;
        match self.unpacking {
            true if total == 0 => UNOPENED,
            true => total - self.counts.ended(),
            false => self.counts.queued + self.counts.running,
        }
    }
}

#[cfg(test)]
mod tests;
