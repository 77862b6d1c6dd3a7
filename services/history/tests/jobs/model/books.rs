//! What is written down, and what has to be answered in view of that.

use std::collections::{BTreeMap, BTreeSet};

use pupila_core::UserId;
use pupila_proto::history::v1::{self as proto, ItemCounts, JobState};
use pupila_runtime::rpc::RpcError;

use super::call::{Call, Reply};

/// What a ZIP counts as before it is opened.
const UNOPENED: u64 = 1_000;

/// What is written down.
pub(super) struct Books {
    /// How much of one owner's may be open.
    pub(super) share: u64,
    pub(super) jobs: BTreeMap<String, Entry>,
    pub(super) erased: BTreeSet<UserId>,
}

/// A job.
pub(super) struct Entry {
    pub(super) owner: UserId,
    pub(super) job: proto::Job,
    pub(super) items: Vec<proto::JobItem>,
    /// Whether it was called off before its ZIP was unpacked; `None` where that is not known.
    pub(super) interrupted: Option<bool>,
}

impl Books {
    /// How much of an owner's is open.
    pub(super) fn open(&self, owner: UserId) -> u64 {
        let hers = self.jobs.values().filter(|entry| entry.owner == owner);
        hers.map(|entry| charge(&entry.job)).sum()
    }

    /// A job was called off. What else happened to it at the same time nobody knows, unless the call came `alone`.
    pub(super) fn called_off(&mut self, id: &str, alone: bool) {
        if let Some(entry) = self.jobs.get_mut(id) {
            entry.interrupted = match alone {
                true if has_ended(&entry.job) => entry.interrupted,
                true => Some(entry.job.unpacking),
                false => None,
            };
        }
    }

    /// A job was asked for again: what was left of its ZIP is to come.
    pub(super) fn asked_again(&mut self, id: &str, alone: bool) {
        if let Some(entry) = self.jobs.get_mut(id) {
            entry.interrupted = alone.then_some(false);
        }
    }

    /// Holds the answer to a call against what was written down before. Nobody asked for anything else at the same time.
    pub(super) fn verify(&self, call: &Call, reply: &Reply) {
        match (call, reply) {
            (Call::Create(owner, _), Reply::Job(Ok(job))) => {
                assert!(!self.erased.contains(owner), "{job:?}");
                self.assert_room(*owner, charge(job));
            }
            (Call::Create(owner, _), Reply::Job(Err(error))) => match error.reason.as_str() {
                "ACCOUNT_DELETED" => assert!(self.erased.contains(owner)),
                // The queue may know of more.
                reason => assert_eq!(reason, "QUEUE_FULL"),
            },
            (Call::Cancel(_, id), Reply::Job(reply)) => {
                let over = [JobState::Succeeded, JobState::Failed];
                let over = over.contains(&self.jobs[id].job.state());
                let reason = reply.as_ref().err().map(|error| error.reason.as_str());
                assert_eq!(reason, over.then_some("JOB_ENDED"));
            }
            (Call::Retry(owner, id), Reply::Job(reply)) => self.verify_retry(*owner, id, reply),
            (Call::Add(task, request), Reply::Added(reply)) => {
                self.verify_addition(task, request, reply);
            }
            _ => {}
        }
    }

    fn verify_retry(&self, owner: UserId, id: &str, reply: &Result<Box<proto::Job>, RpcError>) {
        let entry = &self.jobs[id];
        let Some(unpacks) = entry.is_unpacked_again() else {
            return;
        };
        let images = entry.items.iter().filter(|item| is_tried_again(item));
        let images = images.count() as u64;
        let growth = match (unpacks, counts(&entry.job).total) {
            (false, _) => images,
            (true, 0) => UNOPENED,
            (true, total) => total - (entry.items.len() as u64 - images),
        };
        let reason = reply.as_ref().err().map(|error| error.reason.as_str());
        let nothing = !unpacks && images == 0 || !has_ended(&entry.job);
        let expected = if nothing {
            Some("NOTHING_TO_RETRY")
        } else {
            (!self.has_room(self.open(owner), growth)).then_some("QUEUE_FULL")
        };
        assert_eq!(reason, expected, "{:?}", entry.job);
    }

    /// A ZIP has room where one more image has, besides all of its own.
    fn verify_addition(
        &self,
        task: &proto::Task,
        request: &proto::AddItemsRequest,
        reply: &Result<(), RpcError>,
    ) {
        let Some(entry) = self.jobs.get(&task.job_id) else {
            return;
        };
        let others = self.jobs.values().filter(|other| {
            let opened = !other.job.unpacking || counts(&other.job).total > 0;
            other.owner == entry.owner && opened && other.job.id != entry.job.id
        });
        let others = others.map(|other| charge(&other.job)).sum();
        let mut grown = entry.job.clone();
        let total = u64::from(request.total).max(entry.items.len() as u64);
        grown.counts = Some(ItemCounts {
            total,
            ..counts(&entry.job)
        });
        let room = charge(&grown) <= charge(&entry.job) || self.has_room(others, 1);
        match reply {
            Ok(()) => assert!(room, "{others} are open of others: {:?}", entry.job),
            Err(error) if error.reason == "QUEUE_FULL" => assert!(!room, "{:?}", entry.job),
            Err(error) => assert_eq!(error.reason, "LEASE_LOST"),
        }
    }

    fn assert_room(&self, owner: UserId, growth: u64) {
        let open = self.open(owner);
        assert!(self.has_room(open, growth), "{open} and {growth} more");
    }

    fn has_room(&self, open: u64, growth: u64) -> bool {
        growth == 0 || open == 0 || open + growth <= self.share
    }
}

impl Entry {
    /// A job that was asked for just now, of which nobody has seen anything.
    pub(super) fn new(owner: UserId, job: proto::Job) -> Self {
        Self {
            owner,
            job: proto::Job { revision: 0, ..job },
            items: Vec::new(),
            interrupted: Some(false),
        }
    }

    /// Whether its ZIP is tried again, if it is asked for again.
    fn is_unpacked_again(&self) -> Option<bool> {
        let lasting = ["UNPROCESSABLE", "NOT_FOUND"];
        let failure = self.job.failure.as_ref();
        match failure.map(|failure| !lasting.contains(&failure.code.as_str())) {
            Some(true) => Some(true),
            _ => self.interrupted,
        }
    }
}

/// What a job counts in its owner's backlog.
pub(super) fn charge(job: &proto::Job) -> u64 {
    let counts = counts(job);
    match counts.total {
        0 if job.unpacking => UNOPENED,
        total if job.unpacking => total - counts.succeeded - counts.failed - counts.cancelled,
        _ => counts.queued + counts.running,
    }
}

pub(super) fn counts(job: &proto::Job) -> ItemCounts {
    job.counts.expect("counts")
}

pub(super) fn has_ended(job: &proto::Job) -> bool {
    !matches!(job.state(), JobState::Queued | JobState::Running)
}

fn is_tried_again(item: &proto::JobItem) -> bool {
    let again = matches!(item.state(), JobState::Failed | JobState::Cancelled);
    again && !item.image_id.is_empty()
}
