//! A task: what a worker does in one go.

use jiff::{SignedDuration, Timestamp};
use pupila_core::{ImageId, JobId, LeaseId, TaskId};
use pupila_queue::{Priority, WorkerName};

use super::{Failure, Job, JobState};

/// How long a task that is due may wait before it is offered once more: only where whoever made it died before the offer,
/// or the queue lost it, is anybody waiting for that.
pub(crate) const REMINDER: SignedDuration = SignedDuration::from_secs(60);

/// Ends are of late for so long: notices are kept, and failures of items count.
pub(crate) const LATELY: SignedDuration = SignedDuration::from_hours(24);

/// What a worker does in one go.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its name.
    pub id: TaskId,
    /// The job that it belongs to.
    pub job: JobId,
    /// What to do.
    pub work: Work,
    /// How far it is.
    pub state: TaskState,
    /// How often a worker took it, not counting when it gave it back.
    pub attempts: u32,
    /// When it was made. All times are whole microseconds.
    pub create_time: Timestamp,
    /// When a worker took it last.
    pub start_time: Option<Timestamp>,
    /// The job's revision at its last change.
    pub revision: i64,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Run the job's steps over one image: an item of the job.
    Process {
        /// Its place in the job, from 0.
        position: u32,
        /// The file's name.
        filename: String,
        /// The stored image; `None` where the file was none.
        image: Option<ImageId>,
    },
    /// Store what the job's ZIP holds, and add it to the job.
    Unpack,
    /// The job ended: find out who wants to know.
    Notify,
    /// Tell one of them.
    Deliver {
        /// Where to.
        route: String,
    },
}

/// The kinds of [`Work`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TaskKind {
    /// [`Work::Process`]
    Process,
    /// [`Work::Unpack`]
    Unpack,
    /// [`Work::Notify`]
    Notify,
    /// [`Work::Deliver`]
    Deliver,
}

/// How far a task is, and what goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TaskState {
    /// Waits for a worker.
    Queued {
        /// When it may be taken.
        due: Timestamp,
        /// When it is offered again unless it is taken before; not before it is due.
        wake: Timestamp,
        /// Why the attempt before failed.
        failure: Option<Failure>,
    },
    /// A worker has it.
    Running {
        /// Its hold.
        lease: Lease,
        /// Why the attempt before failed.
        failure: Option<Failure>,
    },
    /// Done.
    Succeeded {
        /// When it ended.
        end: Timestamp,
    },
    /// Given up.
    Failed {
        /// When it ended.
        end: Timestamp,
        /// Why.
        failure: Failure,
    },
    /// Its owner called it off.
    Cancelled {
        /// When it ended.
        end: Timestamp,
    },
}

/// A worker's hold on a task.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lease {
    /// Stands for it.
    pub id: LeaseId,
    /// Who holds the task.
    pub worker: WorkerName,
    /// When it ends unless it is renewed.
    pub until: Timestamp,
}

/// A task under its lease, as a worker names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Leased {
    /// The task.
    pub task: TaskId,
    /// Its lease.
    pub lease: LeaseId,
}

impl Task {
    /// A new task of `job`, due at once.
    pub(crate) fn new(now: Timestamp, job: &Job, work: Work) -> Self {
        Self {
            id: TaskId::new(now),
            job: job.id,
            work,
            state: TaskState::waiting(now, None),
            attempts: 0,
            create_time: now,
            start_time: None,
            revision: job.revision,
        }
    }

    /// When somebody looks at it without being asked to: it is offered again, its lease ends, or its end is not of late any
    /// more, where that matters.
    pub(crate) fn next_time(&self) -> Option<Timestamp> {
        let failed = matches!(self.state, TaskState::Failed { .. });
        match (&self.state, self.work.kind()) {
            (TaskState::Queued { wake, .. }, _) => Some(*wake),
            (TaskState::Running { lease, .. }, _) => Some(lease.until),
            (ended, kind) if kind.is_notice() || failed => {
                let end = ended.end()?;
                Some(end.saturating_add(LATELY).unwrap_or(Timestamp::MAX))
            }
            _ => None,
        }
    }
}

impl Work {
    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> TaskKind {
        match self {
            Self::Process { .. } => TaskKind::Process,
            Self::Unpack => TaskKind::Unpack,
            Self::Notify => TaskKind::Notify,
            Self::Deliver { .. } => TaskKind::Deliver,
        }
    }
}

impl TaskKind {
    const ALL: [Self; 4] = [Self::Process, Self::Unpack, Self::Notify, Self::Deliver];

    /// As text, such as `process`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Unpack => "unpack",
            Self::Notify => "notify",
            Self::Deliver => "deliver",
        }
    }

    /// The kind that the text names.
    #[must_use]
    pub fn from_name(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Before whom a task of a job of that priority comes. Notices are small, and somebody waits for them.
    #[must_use]
    pub const fn priority(self, of_job: Priority) -> Priority {
        if self.is_notice() {
            Priority::Interactive
        } else {
            of_job
        }
    }

    /// Whether it tells of a job's end, and has no part in it.
    #[must_use]
    pub const fn is_notice(self) -> bool {
        matches!(self, Self::Notify | Self::Deliver)
    }
}

impl TaskState {
    /// Waits until `due`.
    #[must_use]
    pub(crate) fn waiting(due: Timestamp, failure: Option<Failure>) -> Self {
        Self::Queued {
            due,
            wake: due.saturating_add(REMINDER).unwrap_or(Timestamp::MAX),
            failure,
        }
    }

    /// Without what goes with it.
    #[must_use]
    pub const fn state(&self) -> JobState {
        match self {
            Self::Queued { .. } => JobState::Queued,
            Self::Running { .. } => JobState::Running,
            Self::Succeeded { .. } => JobState::Succeeded,
            Self::Failed { .. } => JobState::Failed,
            Self::Cancelled { .. } => JobState::Cancelled,
        }
    }

    /// When it may be taken, while it waits.
    #[must_use]
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Queued { due, .. } => Some(*due),
            _ => None,
        }
    }

    /// Why it failed, or why the attempt before did.
    #[must_use]
    pub const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Queued { failure, .. } | Self::Running { failure, .. } => failure.as_ref(),
            Self::Failed { failure, .. } => Some(failure),
            _ => None,
        }
    }

    /// When it ended.
    #[must_use]
    pub const fn end(&self) -> Option<Timestamp> {
        match self {
            Self::Succeeded { end } | Self::Failed { end, .. } | Self::Cancelled { end } => {
                Some(*end)
            }
            Self::Queued { .. } | Self::Running { .. } => None,
        }
    }
}
