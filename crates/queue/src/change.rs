//! What watchers are woken by.

use pupila_core::{JobId, UserId};

/// A job changed. It only wakes: what changed is in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The job.
    pub job: JobId,
    /// Whose it is.
    pub owner: UserId,
}
