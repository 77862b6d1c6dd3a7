//! A worker takes tasks.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use pupila_core::{LeaseId, TaskId};
use pupila_queue::WorkerName;

use super::{Held, HeldJob};
use crate::jobs::{Event, Job, JobState, Lease, Task, TaskState};

/// How much too early a task may be taken. The clocks of those who make, offer and take it differ, and a ticket that comes
/// too early is lost: the task would wait until it is offered again.
const EARLY: SignedDuration = SignedDuration::from_secs(10);

/// What a worker asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    /// Who asks.
    pub worker: WorkerName,
    /// What.
    pub tasks: Vec<TaskId>,
}

/// A task that is a worker's now.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// The task.
    pub task: Task,
    /// The lease that it is under.
    pub lease: Lease,
    /// The job that it belongs to.
    pub job: Arc<Job>,
}

impl Held {
    /// Gives a worker those of the tasks that wait and are due, and those that it took just now without hearing of it.
    pub(crate) fn take(&mut self, take: &Take, lease: Duration) -> Vec<TaskId> {
        let lease = Lease {
            id: LeaseId::new(self.now),
            worker: take.worker.clone(),
            until: self.now.saturating_add(lease).unwrap_or(Timestamp::MAX),
        };
        let takes = take.tasks.iter().copied();
        takes
            .filter(|id| self.take_one(*id, &lease) || self.take_again(*id, &lease))
            .collect()
    }

    /// The taken tasks as they are now.
    pub(crate) fn taken(&self, ids: &[TaskId]) -> Vec<Taken> {
        let mut jobs: std::collections::BTreeMap<_, Arc<Job>> = std::collections::BTreeMap::new();
        ids.iter()
            .filter_map(|id| {
                let task = self.tasks.get(id)?;
                let TaskState::Running { lease, .. } = &task.state else {
                    return None;
                };
                let held = self.jobs.get(&task.job)?;
                let job = jobs.entry(task.job);
                Some(Taken {
                    task: task.clone(),
                    lease: lease.clone(),
                    job: job.or_insert_with(|| Arc::new(held.job.clone())).clone(),
                })
            })
            .collect()
    }

    fn take_one(&mut self, id: TaskId, lease: &Lease) -> bool {
        let now = self.now;
        let Some(task) = self.tasks.get_mut(&id) else {
            return false;
        };
        let TaskState::Queued { due, failure, .. } = &task.state else {
            return false;
        };
        let (due, failure) = (*due, failure.clone());
        if due.duration_since(now) > EARLY {
            return false;
        }
        task.attempts += 1;
        task.start_time = Some(now);
        let kind = task.work.kind();
        if let Some(HeldJob { job, .. }) = self.jobs.get_mut(&task.job) {
            if job.state == JobState::Queued {
                job.state = JobState::Running;
                job.start_time = job.start_time.or(Some(now));
            }
            self.aftermath.events.push(Event::TaskTaken {
                kind,
                priority: kind.priority(job.priority),
                waited: now.duration_since(due).try_into().unwrap_or_default(),
            });
        }
        let lease = lease.clone();
        self.set(id, TaskState::Running { lease, failure });
        true
    }

    /// Leases a task anew to the worker that took it within the time of a lease: the answer was lost, and the lease in it.
    /// A worker that was started again under its name long after is another, and its tasks count as lost.
    fn take_again(&mut self, id: TaskId, lease: &Lease) -> bool {
        let Some(task) = self.tasks.get(&id) else {
            return false;
        };
        let TaskState::Running {
            lease: before,
            failure,
        } = &task.state
        else {
            return false;
        };
        let failure = failure.clone();
        let lasts = lease.until.duration_since(self.now);
        let since = |start| self.now.duration_since(start);
        let just_now = task.start_time.is_some_and(|start| since(start) < lasts);
        let again = before.worker == lease.worker && before.id != lease.id && just_now;
        if again {
            let lease = lease.clone();
            self.set(id, TaskState::Running { lease, failure });
        }
        again
    }
}
