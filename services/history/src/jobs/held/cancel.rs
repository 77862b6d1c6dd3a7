//! An owner calls a job off, or asks for it again.

use jiff::{SignedDuration, Timestamp};
use pupila_core::{ErrorCode, JobId, TaskId};
use pupila_queue::Share;

use super::Held;
use crate::jobs::{Claim, JobError, JobState, Task, TaskKind, TaskState, Work};

/// What is asked for again is offered once more so soon. Where its ticket was on the way to a worker when the job was called
/// off, the queue took no notice of the first offer, and forgets the task when it hears that the ticket arrived.
const ONCE_MORE: SignedDuration = SignedDuration::from_secs(2);

impl Held {
    /// Calls a job off with all of its tasks, whoever works on them. One that was called off before stays as it is.
    ///
    /// # Errors
    /// It has ended.
    pub(crate) fn cancel(&mut self, id: JobId) -> Result<(), JobError> {
        let held = self.jobs.get_mut(&id).ok_or(JobError::NotFound(id))?;
        match held.job.state {
            JobState::Cancelled => return Ok(()),
            JobState::Succeeded | JobState::Failed => return Err(JobError::Ended(id)),
            JobState::Queued | JobState::Running => {}
        }
        held.job.state = JobState::Cancelled;
        held.job.end_time = Some(self.now);
        held.job.unpacking = false;
        held.changed = true;
        let end = self.now;
        for task in self.of_job(id, |state| !state.has_ended()) {
            self.set(task, TaskState::Cancelled { end });
        }
        Ok(())
    }

    /// Puts all of a job that failed or was called off back, as if it had never been tried. Its owner may have as much of
    /// the `share` as for a new one.
    ///
    /// # Errors
    /// It goes on, or there is nothing such.
    pub(crate) fn retry(&mut self, id: JobId, share: Share) -> Result<(), JobError> {
        let held = self.jobs.get_mut(&id).ok_or(JobError::NotFound(id))?;
        if !held.job.state.has_ended() {
            return Err(JobError::NothingToRetry(id));
        }
        let again = |state| matches!(state, JobState::Failed | JobState::Cancelled);
        let mut tasks = self.of_job(id, again);
        tasks.retain(|task| !self.tasks.get(task).is_some_and(is_without_zip));
        if tasks.is_empty() {
            return Err(JobError::NothingToRetry(id));
        }
        for task in tasks {
            let unpacks = self.tasks.get(&task).map(|task| task.work.kind());
            self.amend(task, |task| task.attempts = 0);
            let wake = self.now.saturating_add(ONCE_MORE);
            let waiting = TaskState::Queued {
                due: self.now,
                wake: wake.unwrap_or(Timestamp::MAX),
                failure: None,
            };
            self.set(task, waiting);
            if unpacks == Some(TaskKind::Unpack)
                && let Some(held) = self.jobs.get_mut(&id)
            {
                held.job.unpacking = true;
                held.job.failure = None;
            }
        }
        if let Some(held) = self.jobs.get_mut(&id) {
            held.job.state = JobState::Queued;
            held.job.end_time = None;
            self.diff.claim = Some(Claim::of(&held.job, share));
        }
        self.diff.reopened.push(id);
        Ok(())
    }

    /// The tasks that have a part in a job, and can be worked on, in some of the states.
    fn of_job(&self, id: JobId, which: impl Fn(JobState) -> bool) -> Vec<TaskId> {
        self.tasks
            .values()
            .filter(|task| task.job == id && !task.work.kind().is_notice())
            .filter(|task| !matches!(task.work, Work::Process { image: None, .. }))
            .filter(|task| which(task.state.state()))
            .map(|task| task.id)
            .collect()
    }
}

/// Whether a ZIP was refused as it is, or was gone already: nobody has it any more, and another attempt could say nothing but
/// that, in the place of the reason.
fn is_without_zip(task: &Task) -> bool {
    let of_the_zip = [ErrorCode::Unprocessable, ErrorCode::NotFound].map(ErrorCode::name);
    let failure = task.state.failure();
    task.work.kind() == TaskKind::Unpack
        && failure.is_some_and(|failure| of_the_zip.contains(&failure.code()))
}
