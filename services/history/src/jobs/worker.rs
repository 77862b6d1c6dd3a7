//! Who works.

use jiff::Timestamp;
use pupila_queue::WorkerName;

/// A worker, as it says itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Its name, unique among those alive.
    pub name: WorkerName,
    /// When it was heard of last.
    pub seen_time: Timestamp,
    /// Tasks that it can work on at once.
    pub capacity: u32,
    /// Tasks that it works on.
    pub running: u32,
    /// Services that it waits for because they are away.
    pub parked_by: Vec<String>,
}
