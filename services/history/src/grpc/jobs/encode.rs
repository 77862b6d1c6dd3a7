//! From our words about jobs and tasks to messages.

use pupila_core::{ArchiveId, ImageId};
use pupila_proto::history::v1::{self as proto, step, step_result, task};
use pupila_queue::Priority;

use crate::{
    grpc::encode::timestamp,
    jobs::{Failure, Item, ItemCounts, Job, JobState, Product, Step, StepResult, Taken, Work},
};

pub(in crate::grpc) fn job(job: Job) -> proto::Job {
    proto::Job {
        id: job.id.to_string(),
        owner: job.owner.to_string(),
        name: job.name,
        state: state(job.state).into(),
        priority: priority(job.priority).into(),
        steps: job.steps.into_iter().map(step).collect(),
        counts: Some(counts(job.counts)),
        unpacking: job.unpacking,
        failure: job.failure.as_ref().map(failure),
        create_time: Some(timestamp(job.create_time)),
        start_time: job.start_time.map(timestamp),
        end_time: job.end_time.map(timestamp),
        update_time: Some(timestamp(job.update_time)),
        revision: job.revision,
        archive_id: job
            .archive
            .as_ref()
            .map(ArchiveId::to_string)
            .unwrap_or_default(),
    }
}

pub(in crate::grpc) fn item(item: Item) -> proto::JobItem {
    proto::JobItem {
        id: item.id.to_string(),
        position: item.position,
        image_id: image_id(item.image),
        state: state(item.state.state()).into(),
        attempts: item.attempts,
        failure: item.state.failure().map(failure),
        next_attempt_time: item.next_attempt_time().map(timestamp),
        start_time: item.start_time.map(timestamp),
        end_time: item.state.end().map(timestamp),
        revision: item.revision,
        filename: item.filename,
        results: item.results.into_iter().map(result).collect(),
    }
}

/// A task for a worker, of a job that may have at most `max_items`.
pub(in crate::grpc) fn task(taken: Taken, max_items: u32) -> proto::Task {
    let Taken {
        task,
        lease,
        job: of,
    } = taken;
    let work = match task.work {
        Work::Process {
            filename, image, ..
        } => task::Work::ProcessImage(proto::ProcessImage {
            image_id: image_id(image),
            filename,
            steps: of.steps.iter().cloned().map(step).collect(),
        }),
        Work::Unpack => task::Work::UnpackArchive(proto::UnpackArchive {
            archive_id: of
                .archive
                .as_ref()
                .map(ArchiveId::to_string)
                .unwrap_or_default(),
            next_position: of.counts.known().try_into().unwrap_or(u32::MAX),
            max_items,
        }),
        Work::Notify => task::Work::NotifyOwner(proto::NotifyOwner {
            job: Some(job((*of).clone())),
        }),
        Work::Deliver { route } => task::Work::DeliverNotice(proto::DeliverNotice {
            job: Some(job((*of).clone())),
            route,
        }),
    };
    proto::Task {
        id: task.id.to_string(),
        lease: lease.id.to_string(),
        lease_expire_time: Some(timestamp(lease.until)),
        job_id: task.job.to_string(),
        owner: of.owner.to_string(),
        attempt: task.attempts,
        work: Some(work),
    }
}

pub(in crate::grpc) const fn priority(priority: Priority) -> proto::Priority {
    match priority {
        Priority::Interactive => proto::Priority::Interactive,
        Priority::Batch => proto::Priority::Batch,
    }
}

const fn state(state: JobState) -> proto::JobState {
    match state {
        JobState::Queued => proto::JobState::Queued,
        JobState::Running => proto::JobState::Running,
        JobState::Succeeded => proto::JobState::Succeeded,
        JobState::Failed => proto::JobState::Failed,
        JobState::Cancelled => proto::JobState::Cancelled,
    }
}

fn counts(counts: ItemCounts) -> proto::ItemCounts {
    let number = |count: i64| u64::try_from(count).unwrap_or_default();
    proto::ItemCounts {
        total: number(counts.total),
        queued: number(counts.queued),
        running: number(counts.running),
        succeeded: number(counts.succeeded),
        failed: number(counts.failed),
        cancelled: number(counts.cancelled),
    }
}

fn step(step: Step) -> proto::Step {
    let kind = match step {
        Step::Operation { name, parameters } => step::Kind::Operation(proto::OperationStep {
            name,
            parameters: parameters.into_iter().collect(),
        }),
        Step::Model {
            model,
            version,
            parameters,
        } => step::Kind::Model(proto::ModelStep {
            model,
            version,
            parameters: parameters.into_iter().collect(),
        }),
    };
    proto::Step { kind: Some(kind) }
}

fn failure(failure: &Failure) -> proto::Failure {
    proto::Failure {
        code: failure.code().to_owned(),
        reason: failure.reason().to_owned(),
        detail: failure.detail().to_owned(),
    }
}

fn result(result: StepResult) -> proto::StepResult {
    let kind = match result.product {
        Product::Image(image) => step_result::Kind::Image(proto::DerivedImage {
            image_id: image.id.to_string(),
            name: image.name,
            format: image.format,
            width: image.width,
            height: image.height,
        }),
        Product::Prediction(prediction) => {
            step_result::Kind::Prediction(proto::RecordedPrediction {
                prediction_id: prediction.id.to_string(),
                model: prediction.model,
                version: prediction.version,
                label: prediction.label,
                score: prediction.score,
            })
        }
    };
    proto::StepResult {
        step: result.step,
        kind: Some(kind),
    }
}

fn image_id(image: Option<ImageId>) -> String {
    image.map(|id| id.to_string()).unwrap_or_default()
}
