//! Jobs that are held against everybody else while some of their tasks change. Pure: the rules of the life of a job and
//! of its tasks, which the store reads into this and writes down from it.

mod cancel;
mod finish;
mod reclaim;
mod take;
mod unpack;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use pupila_core::{JobId, TaskId, UserId};
use pupila_queue::{Change, Priority};

pub use finish::{Finished, Outcome};
pub use take::{Take, Taken};
pub use unpack::Addition;

use super::{
    Aftermath, Claim, Event, ItemCounts, Job, JobState, StepResult, Task, TaskKind, TaskState, Work,
};

/// Jobs and some of their tasks, which nobody else changes meanwhile.
pub(crate) struct Held {
    now: Timestamp,
    jobs: BTreeMap<JobId, HeldJob>,
    tasks: BTreeMap<TaskId, Task>,
    changed: BTreeSet<TaskId>,
    diff: Diff,
    aftermath: Aftermath,
}

/// A job as it is to be, and what has to be known of how it was found.
struct HeldJob {
    job: Job,
    counts: ItemCounts,
    state: JobState,
    changed: bool,
}

/// What is to be written.
#[derive(Default)]
pub(crate) struct Diff {
    /// Each with the counts that it had before.
    pub(crate) jobs: Vec<(Job, ItemCounts)>,
    /// Tasks that were there before.
    pub(crate) tasks: Vec<Task>,
    /// Tasks that are new.
    pub(crate) made: Vec<Made>,
    /// What came out of tasks.
    pub(crate) results: Vec<Yield>,
    /// Room that has to be there first.
    pub(crate) claim: Option<Claim>,
    /// Jobs of whose end before nobody is told any more.
    pub(crate) reopened: Vec<JobId>,
}

/// A new task, with what its row repeats of its job.
pub(crate) struct Made {
    pub(crate) task: Task,
    pub(crate) owner: UserId,
    pub(crate) priority: Priority,
}

/// What came out of a task.
pub(crate) struct Yield {
    pub(crate) job: JobId,
    pub(crate) task: TaskId,
    pub(crate) results: Vec<StepResult>,
}

impl Held {
    /// `jobs` and some of their `tasks`, as they were found at `now`.
    pub(crate) fn new(now: Timestamp, jobs: Vec<Job>, tasks: Vec<Task>) -> Self {
        let hold = |job: Job| HeldJob {
            counts: job.counts,
            state: job.state,
            changed: false,
            job,
        };
        Self {
            now,
            jobs: jobs.into_iter().map(|job| (job.id, hold(job))).collect(),
            tasks: tasks.into_iter().map(|task| (task.id, task)).collect(),
            changed: BTreeSet::new(),
            diff: Diff::default(),
            aftermath: Aftermath::default(),
        }
    }

    /// What is to be written, and what follows from it.
    pub(crate) fn close(mut self) -> (Diff, Aftermath) {
        let changed = self.changed.iter();
        self.diff.tasks = changed.filter_map(|id| self.tasks.remove(id)).collect();
        for task in &mut self.diff.tasks {
            if let Some(held) = self.jobs.get(&task.job) {
                task.revision = held.job.revision + i64::from(held.changed);
            }
        }
        let jobs = std::mem::take(&mut self.jobs).into_values();
        for HeldJob {
            mut job,
            counts,
            state,
            ..
        } in jobs.filter(|held| held.changed)
        {
            // Clocks differ: watchers find a job by its last change, which must not come before one that they know.
            job.update_time = job.update_time.max(self.now);
            job.revision += 1;
            job.settle(self.now);
            if job.state.has_ended() && !state.has_ended() {
                self.ended(&job);
            }
            self.aftermath.changes.push(Change {
                job: job.id,
                owner: job.owner,
            });
            self.diff.jobs.push((job, counts));
        }
        (self.diff, self.aftermath)
    }

    fn ended(&mut self, job: &Job) {
        self.aftermath.events.push(Event::JobEnded(job.state));
        if job.is_news() {
            let notice = Task::new(self.now, job, Work::Notify);
            self.make(job.owner, job.priority, notice);
        }
    }

    /// Gives a task another state, and counts it in its job.
    fn set(&mut self, id: TaskId, state: TaskState) {
        let Some(task) = self.tasks.get_mut(&id) else {
            return;
        };
        let Some(held) = self.jobs.get_mut(&task.job) else {
            return;
        };
        if task.work.kind() == TaskKind::Process {
            *held.job.counts.of(task.state.state()) -= 1;
            *held.job.counts.of(state.state()) += 1;
        }
        held.changed |= !task.work.kind().is_notice();
        task.state = state;
        self.aftermath
            .offer(task, held.job.owner, held.job.priority);
        self.changed.insert(id);
    }

    /// Adds an item to its job.
    fn add(&mut self, item: Task) {
        let Some(held) = self.jobs.get_mut(&item.job) else {
            return;
        };
        *held.job.counts.of(item.state.state()) += 1;
        held.changed = true;
        let (owner, priority) = (held.job.owner, held.job.priority);
        self.make(owner, priority, item);
    }

    fn make(&mut self, owner: UserId, priority: Priority, task: Task) {
        self.aftermath.offer(&task, owner, priority);
        self.diff.made.push(Made {
            task,
            owner,
            priority,
        });
    }
}

#[cfg(test)]
mod tests;
