//! When a task is given up, and what happens before.

use std::time::Duration;

use super::{Backoff, TaskKind};

/// How often telling somebody is tried: with the default backoff over some two minutes.
const NOTICE_ATTEMPTS: u32 = 8;

/// When a task is given up, and what happens before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How long a worker may hold a task without being heard of.
    pub lease: Duration,
    /// How often a task that has a part in its job is tried.
    pub max_attempts: u32,
    /// How long an attempt waits after one that failed.
    pub backoff: Backoff,
}

impl Rules {
    /// How often a task of the kind is tried.
    #[must_use]
    pub const fn attempts(&self, kind: TaskKind) -> u32 {
        if kind.is_notice() {
            NOTICE_ATTEMPTS
        } else {
            self.max_attempts
        }
    }
}
