//! What travels through a queue.

use pupila_core::{TaskId, UserId};

/// Before whom a task comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody waits for it: before all batches.
    Interactive,
    /// When nobody waits.
    Batch,
}

impl Priority {
    /// As text, such as `batch`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interactive => "interactive",
            Self::Batch => "batch",
        }
    }
}

/// A task to be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    /// The task.
    pub task: TaskId,
    /// Whose it is: users take turns.
    pub owner: UserId,
    /// Before whom it comes.
    pub priority: Priority,
}

/// A ticket that a worker was handed. Unless it is settled, another worker is handed it later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Delivery {
    /// What it was handed.
    pub ticket: Ticket,
    /// What the queue knows the delivery by.
    pub receipt: String,
}

/// The name of a worker, unique among those alive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WorkerName(String);

impl WorkerName {
    /// A worker known as `name`.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
