//! What follows from a change once it is committed.

use std::time::Duration;

use jiff::Timestamp;
use pupila_core::UserId;
use pupila_queue::{Change, DeadLetter, Priority, Ticket};

use super::{JobState, Task, TaskKind, TaskState};

/// What follows from a change once it is committed.
#[derive(Debug, Default)]
pub struct Aftermath {
    /// Tasks that wait now, and when each is due.
    pub tickets: Vec<(Ticket, Timestamp)>,
    /// Jobs whose watchers want to know.
    pub changes: Vec<Change>,
    /// Tasks that took their worker with them once too often.
    pub letters: Vec<DeadLetter>,
    /// What is counted.
    pub events: Vec<Event>,
}

/// What is counted.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A job was made.
    JobCreated(Priority),
    /// A job ended.
    JobEnded(JobState),
    /// A worker took a task.
    TaskTaken {
        /// What kind it is.
        kind: TaskKind,
        /// Before whom it comes.
        priority: Priority,
        /// How long it waited since it was due.
        waited: Duration,
    },
    /// An attempt at a task came to an end.
    TaskLeft {
        /// What kind it is.
        kind: TaskKind,
        /// How.
        outcome: &'static str,
        /// Why it failed; empty where it did not.
        reason: String,
        /// How long the worker had it; `None` where it gave it back.
        ran: Option<Duration>,
    },
    /// A task waits for another attempt.
    Retried(TaskKind),
}

impl Aftermath {
    /// Offers a task of a job of that priority, if it waits.
    pub(crate) fn offer(&mut self, task: &Task, owner: UserId, of_job: Priority) {
        if let TaskState::Queued { due, .. } = task.state {
            let ticket = Ticket {
                task: task.id,
                owner,
                priority: task.work.kind().priority(of_job),
            };
            self.tickets.push((ticket, due));
        }
    }
}
