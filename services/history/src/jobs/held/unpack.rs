//! A ZIP is unpacked into items.

use pupila_core::JobId;
use pupila_queue::Share;

use super::Held;
use crate::jobs::{Claim, Failure, JobError, Leased, NewItem, Task, TaskState};

/// Items that were found while a ZIP is unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The task that unpacks it.
    pub task: Leased,
    /// The position of the first of them.
    pub first_position: u32,
    /// The items.
    pub items: Vec<NewItem>,
    /// How many the job will have in all.
    pub total: u32,
}

impl Held {
    /// Adds those that the job does not have yet. Where the ZIP holds more than it was counted as, there has to be room in its
    /// owner's `share`.
    ///
    /// # Errors
    /// The lease is void, or items before them are missing.
    pub(crate) fn add_items(&mut self, addition: &Addition, share: Share) -> Result<(), JobError> {
        let task = self.running(addition.task).ok_or(JobError::LeaseLost)?;
        let held = self.jobs.get_mut(&task.job).ok_or(JobError::LeaseLost)?;
        let known = held.job.counts.known();
        let first = i64::from(addition.first_position);
        if first > known {
            let rule = format!("must be at most {known}, or items are missing before it");
            return Err(JobError::field("first_position", rule));
        }
        let mut job = held.job.clone();
        // Whoever repeats an earlier addition may count fewer than there are by now.
        job.counts.total = known.max(addition.total.into());
        let claim = Claim::of_zip(&job, &held.job, share);
        self.diff.claim = (claim.growth > 0).then_some(claim);
        held.job.counts.total = job.counts.total;
        held.changed = true;
        let new = (addition.first_position..).zip(&addition.items);
        let mut new = new
            .filter(|(position, _)| i64::from(*position) >= known)
            .peekable();
        if new.peek().is_some() && task.attempts > 1 {
            // A step forward: what went wrong before does not count against what is still to come.
            self.amend(task.id, |task| task.attempts = 1);
            self.changed.insert(task.id);
        }
        for (position, item) in new {
            let item = item.clone().at(position);
            let mut task = Task::new(self.now, &job, item.work);
            if let Some(failure) = item.failure {
                let end = self.now;
                task.state = TaskState::Failed { end, failure };
            }
            // The one that the job is about to have.
            task.revision = job.revision + 1;
            self.add(task);
        }
        Ok(())
    }

    /// No more items come. What the ZIP said it has stays where some of it never came.
    pub(super) fn unpacked(&mut self, job: JobId, failure: Option<Failure>) {
        if let Some(held) = self.jobs.get_mut(&job) {
            held.job.unpacking = false;
            if failure.is_none() {
                held.job.counts.total = held.job.counts.known();
            }
            held.job.failure = failure;
        }
    }

    /// Whether all that the job's ZIP said it has is in the job.
    pub(super) fn has_all_of_its_zip(&self, job: JobId) -> bool {
        let counts = self.jobs.get(&job).map(|held| held.job.counts);
        counts.is_some_and(|counts| counts.total > 0 && counts.known() >= counts.total)
    }
}
