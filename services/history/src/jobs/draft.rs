//! A job as somebody asks for it.

use jiff::Timestamp;
use pupila_core::{ArchiveId, Digest, IdempotencyKey, ImageId, JobId, UserId};
use pupila_queue::Priority;
use serde::Serialize;

use super::{Failure, ItemCounts, Job, JobState, Step, Task, TaskState, Work};

/// Images that somebody waits for: more are a batch.
const INTERACTIVE: usize = 4;

/// A job as somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewJob {
    /// What people call it; may be empty.
    pub name: String,
    /// What is done to each image, in order.
    pub steps: Vec<Step>,
    /// Over what.
    pub source: Source,
    /// Nobody is told when it ends.
    pub silent: bool,
    /// Before whom it comes; `None` leaves it to how much there is to do.
    #[serde(serialize_with = "as_rank")]
    pub priority: Option<Priority>,
}

/// What a job works over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Source {
    /// Images.
    Items(Vec<NewItem>),
    /// What a ZIP holds.
    Archive(StoredZip),
}

/// A ZIP that was stored with images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredZip {
    /// Where it is.
    pub id: ArchiveId,
    /// The digest of its bytes, where it is known.
    pub sha256: Option<Digest>,
}

/// As what was asked for: the same bytes have another id each time that they are sent.
impl Serialize for StoredZip {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.sha256 {
            Some(sha256) => sha256.serialize(serializer),
            None => self.id.serialize(serializer),
        }
    }
}

/// An image of a new job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewItem {
    /// The file's name.
    pub filename: String,
    /// The stored image, or why the file is none.
    pub image: Result<ImageId, Failure>,
}

/// A job that is about to be stored, with its tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The job.
    pub job: Job,
    /// What there is to do for it.
    pub tasks: Vec<Task>,
    /// What the call was named by, and the digest of what was asked for.
    pub key: Option<(IdempotencyKey, Digest)>,
}

/// What became of a draft.
#[derive(Debug, Clone, PartialEq)]
pub enum Creation {
    /// It is stored.
    Created,
    /// The owner's key led to this job before; with the digest of what was asked for then.
    Before(Box<Job>, Digest),
    /// The owner is erased; nothing is stored.
    Erased,
    /// The owner has too much open; nothing is stored.
    Full,
}

impl Draft {
    /// The same, asked for at `now`: it waited to be stored, and watchers look back for changes only so far.
    pub(crate) fn dated(&self, now: Timestamp) -> Self {
        let mut draft = self.clone();
        draft.job.create_time = now;
        draft.job.update_time = now;
        draft.job.end_time = draft.job.end_time.map(|_| now);
        for task in &mut draft.tasks {
            task.create_time = now;
            match &mut task.state {
                TaskState::Failed { end, .. } => *end = now,
                waiting => *waiting = TaskState::waiting(now, None),
            }
        }
        draft
    }
}

/// An item with its place in the job: what there is to do, or why nothing can be done.
pub(crate) struct PlacedItem {
    pub(crate) work: Work,
    pub(crate) failure: Option<Failure>,
}

impl NewItem {
    /// Puts it in its place in the job.
    pub(crate) fn at(self, position: u32) -> PlacedItem {
        let (image, failure) = match self.image {
            Ok(image) => (Some(image), None),
            Err(failure) => (None, Some(failure)),
        };
        let work = Work::Process {
            position,
            filename: self.filename,
            image,
        };
        PlacedItem { work, failure }
    }
}

impl NewJob {
    /// The digest of all that is asked for.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub(crate) fn digest(&self) -> Result<Digest, serde_json::Error> {
        Ok(Digest::of(&serde_json::to_vec(self)?))
    }

    /// Names and dates it, and makes its tasks.
    pub(crate) fn draft(
        self,
        now: Timestamp,
        owner: UserId,
        key: Option<(IdempotencyKey, Digest)>,
    ) -> Draft {
        let priority = self.priority.unwrap_or(match &self.source {
            Source::Items(items) if items.len() <= INTERACTIVE => Priority::Interactive,
            _ => Priority::Batch,
        });
        let archive = match self.source {
            Source::Archive(zip) => Some(zip.id),
            Source::Items(_) => None,
        };
        let mut job = Job {
            id: JobId::new(now),
            owner,
            name: self.name,
            state: JobState::Queued,
            priority,
            steps: self.steps,
            silent: self.silent,
            counts: ItemCounts::default(),
            archive,
            unpacking: archive.is_some(),
            failure: None,
            create_time: now,
            start_time: None,
            end_time: None,
            update_time: now,
            revision: 1,
        };
        let mut tasks = match self.source {
            Source::Archive(_) => vec![Task::new(now, &job, Work::Unpack)],
            Source::Items(items) => items_of(&mut job, now, items),
        };
        job.settle(now);
        if job.is_news() {
            tasks.push(Task::new(now, &job, Work::Notify));
        }
        Draft { job, tasks, key }
    }
}

fn items_of(job: &mut Job, now: Timestamp, items: Vec<NewItem>) -> Vec<Task> {
    let mut tasks = Vec::with_capacity(items.len());
    for (position, item) in (0..).zip(items) {
        let PlacedItem { work, failure } = item.at(position);
        let mut task = Task::new(now, job, work);
        if let Some(failure) = failure {
            task.state = TaskState::Failed { end: now, failure };
        }
        *job.counts.of(task.state.state()) += 1;
        tasks.push(task);
    }
    job.counts.total = job.counts.known();
    tasks
}

fn as_rank<S: serde::Serializer>(
    priority: &Option<Priority>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let rank = priority.map(|priority| match priority {
        Priority::Interactive => 1,
        Priority::Batch => 2,
    });
    rank.serialize(serializer)
}
