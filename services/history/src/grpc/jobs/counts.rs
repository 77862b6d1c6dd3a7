//! Reports and the load as messages.

use pupila_proto::history::v1 as proto;

use super::encode;
use crate::{
    grpc::encode::timestamp,
    jobs::{Job, LabelTally, Lane, Load, ReasonTally, Report, Worker},
};

pub(super) fn report(job: Job, report: Report) -> proto::GetReportResponse {
    proto::GetReportResponse {
        job: Some(encode::job(job)),
        labels: report.labels.into_iter().map(label).collect(),
        failures: report.failures.into_iter().map(reason).collect(),
    }
}

pub(super) fn queue(
    load: Load,
    failures: Vec<ReasonTally>,
    queue_available: bool,
) -> proto::GetQueueResponse {
    proto::GetQueueResponse {
        lanes: load.lanes.into_iter().map(lane).collect(),
        workers: load.workers.into_iter().map(worker).collect(),
        failures: failures.into_iter().map(reason).collect(),
        dead_letters: load.dead,
        queue_available,
    }
}

fn label(tally: LabelTally) -> proto::LabelTally {
    proto::LabelTally {
        step: tally.step,
        model: tally.model,
        label: tally.label,
        count: tally.count,
        mean_score: tally.mean_score,
    }
}

fn reason(tally: ReasonTally) -> proto::ReasonTally {
    proto::ReasonTally {
        reason: tally.reason,
        count: tally.count,
    }
}

fn lane(lane: Lane) -> proto::Lane {
    proto::Lane {
        priority: encode::priority(lane.priority).into(),
        waiting: lane.waiting,
        delayed: lane.delayed,
        running: lane.running,
        oldest_time: lane.oldest.map(timestamp),
    }
}

fn worker(worker: Worker) -> proto::Worker {
    proto::Worker {
        name: worker.name.as_str().to_owned(),
        seen_time: Some(timestamp(worker.seen_time)),
        capacity: worker.capacity,
        running: worker.running,
        parked_by: worker.parked_by,
    }
}
