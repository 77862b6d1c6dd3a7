//! How much there is to do, and who does it.

use std::time::Duration;

use jiff::Timestamp;
use pupila_queue::Priority;

use super::Worker;

/// A worker that was not heard of for so long counts as gone.
pub(super) const ALIVE: Duration = Duration::from_secs(60);

/// How much there is to do, and who does it.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    /// Interactive tasks, then those of batches.
    pub lanes: [Lane; 2],
    /// Tasks that failed of late because they took their worker with them time and again.
    pub dead: u64,
    /// Workers that were heard of lately, by name.
    pub workers: Vec<Worker>,
}

/// The tasks of one priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// The priority.
    pub priority: Priority,
    /// Wait and are due.
    pub waiting: u64,
    /// Wait for their next attempt.
    pub delayed: u64,
    /// Are worked on.
    pub running: u64,
    /// Since when the one that waits for longest has been due.
    pub oldest: Option<Timestamp>,
}

impl Lane {
    /// Nothing to do.
    #[must_use]
    pub const fn empty(priority: Priority) -> Self {
        Self {
            priority,
            waiting: 0,
            delayed: 0,
            running: 0,
            oldest: None,
        }
    }
}
