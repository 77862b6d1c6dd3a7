//! From messages about jobs and tasks to our words.

use pupila_core::{Digest, ErrorCode, IdempotencyKey, LeaseId, TaskId};
use pupila_proto::history::v1::{self as proto, step, step_result};
use pupila_queue::Priority;
use std::{fmt::Display, str::FromStr, time::Duration};

use crate::jobs::{
    Addition, DerivedImage, Failure, Finished, JobError, JobState, Leased, NewItem, NewJob,
    Outcome, Product, RecordedPrediction, Source, Step, StepResult, StoredZip,
};

/// The longest time after which a task that was given back is tried again.
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(in crate::grpc) fn id<T>(field: &str, text: &str) -> Result<T, JobError>
where
    T: FromStr<Err: Display>,
{
    text.parse()
        .map_err(|error: T::Err| JobError::field(field, error.to_string()))
}

/// Empty for none.
pub(in crate::grpc) fn optional_key(text: &str) -> Result<Option<IdempotencyKey>, JobError> {
    match text {
        "" => Ok(None),
        text => id("idempotency_key", text).map(Some),
    }
}

pub(in crate::grpc) fn optional_state(state: Option<i32>) -> Result<Option<JobState>, JobError> {
    state.map(self::state).transpose()
}

fn state(state: i32) -> Result<JobState, JobError> {
    match proto::JobState::try_from(state) {
        Ok(proto::JobState::Queued) => Ok(JobState::Queued),
        Ok(proto::JobState::Running) => Ok(JobState::Running),
        Ok(proto::JobState::Succeeded) => Ok(JobState::Succeeded),
        Ok(proto::JobState::Failed) => Ok(JobState::Failed),
        Ok(proto::JobState::Cancelled) => Ok(JobState::Cancelled),
        Ok(proto::JobState::Unspecified) | Err(_) => {
            let rule = "must be queued, running, succeeded, failed or cancelled";
            Err(JobError::field("state", rule))
        }
    }
}

pub(in crate::grpc) fn new_job(request: proto::CreateJobRequest) -> Result<NewJob, JobError> {
    let priority = match proto::Priority::try_from(request.priority) {
        Ok(proto::Priority::Unspecified) => None,
        Ok(proto::Priority::Interactive) => Some(Priority::Interactive),
        Ok(proto::Priority::Batch) => Some(Priority::Batch),
        Err(_) => {
            let rule = "must be interactive or batch";
            return Err(JobError::field("priority", rule));
        }
    };
    let source = match (request.archive_id.as_str(), request.items) {
        ("", items) => Source::Items(self::items(items)?),
        (archive, items) if items.is_empty() => Source::Archive(StoredZip {
            id: id("archive_id", archive)?,
            sha256: optional_digest("archive_sha256", &request.archive_sha256)?,
        }),
        _ => {
            let rule = "must be empty where the job is over a ZIP";
            return Err(JobError::field("items", rule));
        }
    };
    let steps = request.steps.into_iter().enumerate();
    Ok(NewJob {
        name: request.name.trim().to_owned(),
        steps: steps
            .map(|(n, message)| step(n, message))
            .collect::<Result<_, _>>()?,
        source,
        silent: request.silent,
        priority,
    })
}

pub(in crate::grpc) fn addition(request: proto::AddItemsRequest) -> Result<Addition, JobError> {
    let task = request.task.ok_or_else(|| missing("task"))?;
    Ok(Addition {
        task: leased("task", &task)?,
        first_position: request.first_position,
        items: items(request.items)?,
        total: request.total,
    })
}

pub(in crate::grpc) fn task_ids(texts: &[String]) -> Result<Vec<TaskId>, JobError> {
    texts.iter().map(|text| id("task_ids", text)).collect()
}

pub(in crate::grpc) fn leased_tasks(
    messages: &[proto::LeasedTask],
) -> Result<Vec<Leased>, JobError> {
    let messages = messages.iter();
    messages.map(|message| leased("tasks", message)).collect()
}

pub(in crate::grpc) fn finished(
    n: usize,
    message: proto::FinishedTask,
    roll: f64,
) -> Result<Finished, JobError> {
    let field = format!("tasks/{n}");
    let task = message.task.ok_or_else(|| missing(&field))?;
    let outcome = match message.outcome.ok_or_else(|| missing(&field))? {
        proto::finished_task::Outcome::Done(done) => Outcome::Done {
            results: done
                .results
                .into_iter()
                .map(|result| self::result(&field, result))
                .collect::<Result<_, _>>()?,
            routes: done.routes,
        },
        proto::finished_task::Outcome::Failed(failed) => Outcome::Failed {
            failure: failure(&field, failed.failure)?,
            retryable: failed.retryable,
        },
        proto::finished_task::Outcome::GivenBack(back) => Outcome::GivenBack {
            delay: delay(&field, back.delay)?,
        },
    };
    Ok(Finished {
        task: leased(&field, &task)?,
        outcome,
        roll,
    })
}

/// Absent for none. A worker that asks for more than the longest is not refused: its other tasks came with this one.
fn delay(field: &str, message: Option<prost_types::Duration>) -> Result<Duration, JobError> {
    let delay = Duration::try_from(message.unwrap_or_default());
    let delay = delay.map_err(|_| JobError::field(field, "a delay must not be negative"))?;
    Ok(delay.min(LONGEST_DELAY))
}

fn leased(field: &str, message: &proto::LeasedTask) -> Result<Leased, JobError> {
    Ok(Leased {
        task: id::<TaskId>(field, &message.task_id)?,
        lease: id::<LeaseId>(field, &message.lease)?,
    })
}

fn items(messages: Vec<proto::NewItem>) -> Result<Vec<NewItem>, JobError> {
    let messages = messages.into_iter().enumerate();
    messages.map(|(n, message)| item(n, message)).collect()
}

fn item(n: usize, message: proto::NewItem) -> Result<NewItem, JobError> {
    let field = format!("items/{n}");
    let image = match (message.image_id.as_str(), message.failure) {
        ("", failure) => Err(self::failure(&field, failure)?),
        (image, None) => Ok(id(&format!("{field}/image_id"), image)?),
        (_, Some(_)) => {
            let rule = "must have either an image or a failure";
            return Err(JobError::field(&field, rule));
        }
    };
    Ok(NewItem {
        filename: message.filename,
        image,
    })
}

fn failure(field: &str, message: Option<proto::Failure>) -> Result<Failure, JobError> {
    let field = format!("{field}/failure");
    let message = message.ok_or_else(|| missing(&field))?;
    let code = ErrorCode::from_name(&message.code);
    let code = code.ok_or_else(|| JobError::field(&field, "must have a known code"))?;
    if message.reason.is_empty() {
        return Err(JobError::field(&field, "must have a reason"));
    }
    Ok(Failure::new(code, &message.reason, &message.detail))
}

fn step(n: usize, message: proto::Step) -> Result<Step, JobError> {
    let kind = message.kind;
    Ok(match kind.ok_or_else(|| missing(&format!("steps/{n}")))? {
        step::Kind::Operation(operation) => Step::Operation {
            name: operation.name,
            parameters: operation.parameters.into_iter().collect(),
        },
        step::Kind::Model(model) => Step::Model {
            model: model.model,
            version: model.version,
            parameters: model.parameters.into_iter().collect(),
        },
    })
}

fn result(field: &str, message: proto::StepResult) -> Result<StepResult, JobError> {
    let kind = message.kind.ok_or_else(|| missing(field))?;
    let product = match kind {
        step_result::Kind::Image(image) => Product::Image(DerivedImage {
            id: id(field, &image.image_id)?,
            name: image.name,
            format: image.format,
            width: image.width,
            height: image.height,
        }),
        step_result::Kind::Prediction(prediction) => Product::Prediction(RecordedPrediction {
            id: id(field, &prediction.prediction_id)?,
            model: prediction.model,
            version: prediction.version,
            label: prediction.label,
            score: prediction.score,
        }),
    };
    Ok(StepResult {
        step: message.step,
        product,
    })
}

/// Empty for none.
fn optional_digest(field: &str, bytes: &[u8]) -> Result<Option<Digest>, JobError> {
    let digest = (!bytes.is_empty()).then(|| Digest::from_slice(bytes));
    let digest = digest.transpose();
    digest.map_err(|error| JobError::field(field, error.to_string()))
}

fn missing(field: &str) -> JobError {
    JobError::field(field, "must be set")
}
