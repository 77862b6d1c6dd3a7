//! A worker tells how a task went.

use std::time::Duration;

use jiff::Timestamp;
use pupila_core::TaskId;

use super::{Held, Yield};
use crate::jobs::{Event, Failure, Leased, Rules, StepResult, Task, TaskKind, TaskState, Work};

/// What a worker tells of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// Which.
    pub task: Leased,
    /// How it went.
    pub outcome: Outcome,
    /// Random, 0..1: when the next attempt is due, where there is one.
    pub roll: f64,
}

/// How a task went.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is done.
    Done {
        /// What came out of an image's steps.
        results: Vec<StepResult>,
        /// Where the end of a job is to be told.
        routes: Vec<String>,
    },
    /// It did not work.
    Failed {
        /// Why.
        failure: Failure,
        /// Another attempt may work.
        retryable: bool,
    },
    /// It was given back: it does not count as an attempt.
    GivenBack {
        /// When it is worth trying again, from now.
        delay: Duration,
    },
}

/// What became of a task that is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conclusion {
    /// It failed.
    GivenUp,
    /// All that it was to do was done before.
    Done,
}

impl Held {
    /// Writes down how a task went. `false` where the lease is void, and nothing is written.
    pub(crate) fn finish(&mut self, finished: &Finished, rules: &Rules) -> bool {
        let Some(task) = self.running(finished.task) else {
            return false;
        };
        match &finished.outcome {
            Outcome::Done { results, routes } => self.done(&task, results, routes),
            Outcome::Failed { failure, retryable } => {
                let left = task.attempts < rules.attempts(task.work.kind());
                if *retryable && left {
                    let delay = rules.backoff.delay(task.attempts, finished.roll);
                    self.again(&task, delay, Some(failure.clone()));
                    self.aftermath.events.push(Event::Retried(task.work.kind()));
                    self.tell(&task, "retried", failure.reason());
                } else {
                    self.conclude(&task, failure.clone());
                }
            }
            Outcome::GivenBack { delay } => {
                self.amend(task.id, |task| {
                    task.attempts = task.attempts.saturating_sub(1)
                });
                // It says nothing of why the attempt before failed.
                self.again(&task, *delay, task.state.failure().cloned());
                self.left(&task, "given_back", "", None);
            }
        }
        true
    }

    /// The task under that lease, if the lease is still good.
    pub(super) fn running(&self, leased: Leased) -> Option<Task> {
        let task = self.tasks.get(&leased.task)?;
        match &task.state {
            TaskState::Running { lease, .. } if lease.id == leased.lease => Some(task.clone()),
            _ => None,
        }
    }

    /// Ends a task that is not tried again. It is given up, unless nothing is missing: where a ZIP had been unpacked and only
    /// the end of that was not told, for by the next attempt it may be deleted.
    pub(super) fn conclude(&mut self, task: &Task, failure: Failure) -> Conclusion {
        let unpacks = task.work.kind() == TaskKind::Unpack;
        if unpacks && self.has_all_of_its_zip(task.job) {
            self.done(task, &[], &[]);
            return Conclusion::Done;
        }
        self.tell(task, "failed", failure.reason());
        if unpacks {
            self.unpacked(task.job, Some(failure.clone()));
        }
        let end = self.now;
        self.set(task.id, TaskState::Failed { end, failure });
        Conclusion::GivenUp
    }

    /// Counts the end of an attempt.
    pub(super) fn tell(&mut self, task: &Task, outcome: &'static str, reason: &str) {
        let ran = task.start_time.map(|start| self.now.duration_since(start));
        let ran = ran.and_then(|ran| ran.try_into().ok());
        self.left(task, outcome, reason, ran);
    }

    fn left(&mut self, task: &Task, outcome: &'static str, reason: &str, ran: Option<Duration>) {
        self.aftermath.events.push(Event::TaskLeft {
            kind: task.work.kind(),
            outcome,
            reason: reason.to_owned(),
            ran,
        });
    }

    fn done(&mut self, task: &Task, results: &[StepResult], routes: &[String]) {
        match task.work {
            Work::Process { .. } => self.diff.results.push(Yield {
                job: task.job,
                task: task.id,
                results: results.to_vec(),
            }),
            Work::Unpack => self.unpacked(task.job, None),
            Work::Notify => self.deliver(task, routes),
            Work::Deliver { .. } => {}
        }
        self.tell(task, "succeeded", "");
        self.set(task.id, TaskState::Succeeded { end: self.now });
    }

    /// A task for each who wants to know. A job that goes on has no such tasks any more.
    fn deliver(&mut self, task: &Task, routes: &[String]) {
        let Some(held) = self.jobs.get(&task.job) else {
            return;
        };
        let (owner, priority) = (held.job.owner, held.job.priority);
        let deliveries: Vec<_> = routes
            .iter()
            .cloned()
            .map(|route| Task::new(self.now, &held.job, Work::Deliver { route }))
            .collect();
        for delivery in deliveries {
            self.make(owner, priority, delivery);
        }
    }

    fn again(&mut self, task: &Task, delay: Duration, failure: Option<Failure>) {
        let due = self.now.saturating_add(delay).unwrap_or(Timestamp::MAX);
        self.set(task.id, TaskState::waiting(due, failure));
    }

    /// Changes something of a task besides its state.
    pub(super) fn amend(&mut self, id: TaskId, change: impl FnOnce(&mut Task)) {
        if let Some(task) = self.tasks.get_mut(&id) {
            change(task);
        }
    }
}
