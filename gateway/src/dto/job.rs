//! Jobs.

pub(crate) mod item;
pub(crate) mod report;
pub(crate) mod step;

use pupila_proto::history::v1 as proto;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::{item::JobItem, step::Step};
use super::{present, time};

/// Work over images that somebody asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Job {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: String,
    /// The user who asked for it.
    #[schema(value_type = uuid::Uuid)]
    owner: String,
    /// What people call it; may be empty.
    #[schema(example = "Ward 7, Monday")]
    pub(crate) name: String,
    /// How far it is.
    pub(crate) state: JobState,
    /// Before whom it comes.
    priority: Priority,
    /// What is done to each image, in order.
    steps: Vec<Step>,
    /// How far its items are.
    counts: ItemCounts,
    /// Whether a ZIP is still being unpacked: more items come.
    unpacking: bool,
    /// Why the job as a whole failed, such as a ZIP that cannot be read; null otherwise.
    #[schema(required)]
    failure: Option<Failure>,
    /// When it was asked for, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    create_time: String,
    /// When a worker first took some of it; null before.
    #[schema(required, format = DateTime)]
    start_time: Option<String>,
    /// When it ended; null before.
    #[schema(required, format = DateTime)]
    end_time: Option<String>,
    /// When anything of it changed last.
    #[schema(format = DateTime)]
    update_time: String,
    /// Grows with every change of the job or of one of its items; the id of the events that tell so.
    pub(crate) revision: i64,
}

/// A job and the first page of its items.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobWithItems {
    #[serde(flatten)]
    pub(crate) job: Job,
    /// The first items, by position.
    pub(crate) items: Vec<JobItem>,
    /// Leads to more of them at `GET /v1/jobs/{id}/items`; empty where these are all.
    pub(crate) next_page_token: String,
}

/// How far a job or one of its items is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum JobState {
    /// Waits for a worker.
    Queued,
    /// A worker has it, or some of its items.
    Running,
    /// Done. A job: every item ended, and at least one succeeded.
    Succeeded,
    /// Given up. A job: every item failed, or the job as a whole.
    Failed,
    /// Its owner called it off.
    Cancelled,
}

/// Before whom a job comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Priority {
    /// Somebody waits for it: before all batches.
    Interactive,
    /// When nobody waits.
    Batch,
}

/// How many items of a job are how far.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemCounts {
    /// All that are known; of a ZIP all that it says it has, even where some of them never came.
    total: u64,
    /// Wait.
    queued: u64,
    /// Are worked on.
    running: u64,
    /// Are done.
    succeeded: u64,
    /// Are given up.
    failed: u64,
    /// Were called off.
    cancelled: u64,
}

/// Why something did not work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Failure {
    /// A stable name in upper snake case; `docs/errors.md` lists them.
    #[schema(example = "IMAGE_UNREADABLE")]
    pub(crate) code: String,
    /// For people.
    pub(crate) detail: String,
}

impl JobState {
    /// Whether nothing more happens unless somebody asks.
    pub(crate) fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// As JSON has it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// As the messages of services tell it.
    pub(crate) fn number(self) -> i32 {
        let state = match self {
            Self::Queued => proto::JobState::Queued,
            Self::Running => proto::JobState::Running,
            Self::Succeeded => proto::JobState::Succeeded,
            Self::Failed => proto::JobState::Failed,
            Self::Cancelled => proto::JobState::Cancelled,
        };
        state.into()
    }
}

impl From<proto::JobState> for JobState {
    fn from(state: proto::JobState) -> Self {
        match state {
            proto::JobState::Queued | proto::JobState::Unspecified => Self::Queued,
            proto::JobState::Running => Self::Running,
            proto::JobState::Succeeded => Self::Succeeded,
            proto::JobState::Failed => Self::Failed,
            proto::JobState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<proto::Priority> for Priority {
    fn from(priority: proto::Priority) -> Self {
        match priority {
            proto::Priority::Interactive => Self::Interactive,
            proto::Priority::Batch | proto::Priority::Unspecified => Self::Batch,
        }
    }
}

impl From<Priority> for proto::Priority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Interactive => Self::Interactive,
            Priority::Batch => Self::Batch,
        }
    }
}

impl From<proto::Job> for Job {
    fn from(job: proto::Job) -> Self {
        Self {
            state: job.state().into(),
            priority: job.priority().into(),
            id: job.id,
            owner: job.owner,
            name: job.name,
            steps: job.steps.into_iter().map(Step::from).collect(),
            counts: job.counts.unwrap_or_default().into(),
            unpacking: job.unpacking,
            failure: job.failure.map(Failure::from),
            create_time: time::required(job.create_time),
            start_time: job.start_time.map(time::to_rfc3339),
            end_time: job.end_time.map(time::to_rfc3339),
            update_time: time::required(job.update_time),
            revision: job.revision,
        }
    }
}

impl From<proto::ItemCounts> for ItemCounts {
    fn from(counts: proto::ItemCounts) -> Self {
        Self {
            total: counts.total,
            queued: counts.queued,
            running: counts.running,
            succeeded: counts.succeeded,
            failed: counts.failed,
            cancelled: counts.cancelled,
        }
    }
}

impl From<proto::Failure> for Failure {
    fn from(failure: proto::Failure) -> Self {
        Self {
            // What a service of another kind refused with may have no reason.
            code: present(failure.reason).unwrap_or(failure.code),
            detail: failure.detail,
        }
    }
}
