//! The load: what waits, runs and fails, and who works.

use pupila_proto::history::v1 as proto;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    job::{Priority, report::ReasonTally},
    time,
};

/// The load.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Queue {
    /// What is how far, per priority.
    lanes: Vec<Lane>,
    /// Workers that were heard of within the last minute, by name.
    workers: Vec<Worker>,
    /// Items of the last 24 hours that failed, per reason, the most frequent first.
    failures: Vec<ReasonTally>,
    /// Tasks of the last 24 hours that were given up because they took their worker with them time and again.
    dead_letters: u64,
    /// Whether the queue answers. Jobs are taken in and kept while it does not.
    queue_available: bool,
}

/// What is how far at one priority.
#[derive(Debug, Serialize, ToSchema)]
struct Lane {
    /// The priority.
    priority: Priority,
    /// Wait and are due.
    waiting: u64,
    /// Wait for their next attempt.
    delayed: u64,
    /// Are worked on.
    running: u64,
    /// Since when the oldest that waits has been due; null where none waits.
    #[schema(required, format = DateTime)]
    oldest_time: Option<String>,
}

/// A worker.
#[derive(Debug, Serialize, ToSchema)]
struct Worker {
    /// Its name, unique among those alive.
    name: String,
    /// When it was heard of last, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    seen_time: String,
    /// Tasks that it can work on at once.
    capacity: u32,
    /// Tasks that it works on.
    running: u32,
    /// Services that it waits for because they are away; empty when all is well.
    #[schema(example = json!(["inference"]))]
    parked_by: Vec<String>,
}

impl From<proto::GetQueueResponse> for Queue {
    fn from(queue: proto::GetQueueResponse) -> Self {
        Self {
            lanes: queue.lanes.into_iter().map(Lane::from).collect(),
            workers: queue.workers.into_iter().map(Worker::from).collect(),
            failures: queue.failures.into_iter().map(ReasonTally::from).collect(),
            dead_letters: queue.dead_letters,
            queue_available: queue.queue_available,
        }
    }
}

impl From<proto::Lane> for Lane {
    fn from(lane: proto::Lane) -> Self {
        Self {
            priority: lane.priority().into(),
            waiting: lane.waiting,
            delayed: lane.delayed,
            running: lane.running,
            oldest_time: lane.oldest_time.map(time::to_rfc3339),
        }
    }
}

impl From<proto::Worker> for Worker {
    fn from(worker: proto::Worker) -> Self {
        Self {
            name: worker.name,
            seen_time: time::required(worker.seen_time),
            capacity: worker.capacity,
            running: worker.running,
            parked_by: worker.parked_by,
        }
    }
}
