//! Who works.

use jiff::Timestamp;
use pupila_queue::WorkerName;

use super::Leased;

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

/// What a worker tells while it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heartbeat {
    /// Who it is.
    pub worker: Worker,
    /// What it works on.
    pub tasks: Vec<Leased>,
    /// When the leases are to end unless they are renewed again.
    pub until: Timestamp,
}
