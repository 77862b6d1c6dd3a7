//! One image of a job.

use jiff::Timestamp;
use pupila_core::{Cursor, ImageId, TaskId};

use super::{StepResult, Task, TaskState, Work};

/// One image of a job: a task of the kind `process`, with what came out of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name, which is the task's.
    pub id: TaskId,
    /// Its place in the job, from 0.
    pub position: u32,
    /// The file's name.
    pub filename: String,
    /// The stored image; `None` where the file was none.
    pub image: Option<ImageId>,
    /// How far it is.
    pub state: TaskState,
    /// How often a worker took it.
    pub attempts: u32,
    /// What came out, in the order of the steps; empty before it succeeded.
    pub results: Vec<StepResult>,
    /// When a worker took it last.
    pub start_time: Option<Timestamp>,
    /// The job's revision at its last change.
    pub revision: i64,
}

impl Item {
    /// The item that a task is; `None` for one of another kind.
    #[must_use]
    pub fn of(task: Task, results: Vec<StepResult>) -> Option<Self> {
        let Work::Process {
            position,
            filename,
            image,
        } = task.work
        else {
            return None;
        };
        Some(Self {
            id: task.id,
            position,
            filename,
            image,
            state: task.state,
            attempts: task.attempts,
            results,
            start_time: task.start_time,
            revision: task.revision,
        })
    }

    /// When its next attempt is due, where it waits after one that failed.
    #[must_use]
    pub fn next_attempt_time(&self) -> Option<Timestamp> {
        match &self.state {
            TaskState::Queued {
                due,
                failure: Some(_),
                ..
            } => Some(*due),
            _ => None,
        }
    }

    /// Its place in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            key: self.position.into(),
            id: self.id.as_uuid(),
        }
    }
}
