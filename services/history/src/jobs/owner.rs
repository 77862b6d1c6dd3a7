//! What owners do with their jobs.

use std::sync::Arc;

use async_trait::async_trait;
use pupila_core::{Clock, IdempotencyKey, JobId, Listing, Page, UserId};
use pupila_queue::{Change, Queue, QueueError, Share};

use super::{
    Aftermath, Creation, Draft, Event, Item, Job, JobError, JobState, JobStore, JobsConfig, NewJob,
    gather::{Gate, Together},
    herald::Herald,
};

/// What owners do with their jobs. Its clones share everything.
#[derive(Clone)]
pub struct Jobs {
    store: Arc<dyn JobStore>,
    queue: Arc<dyn Queue>,
    clock: Arc<dyn Clock>,
    herald: Herald,
    creating: Gate<Creating>,
    share: Share,
    max_items: u32,
}

impl Jobs {
    pub(crate) fn new(
        store: Arc<dyn JobStore>,
        queue: Arc<dyn Queue>,
        clock: Arc<dyn Clock>,
        herald: Herald,
        config: &JobsConfig,
    ) -> Self {
        let share = queue.share();
        let creating = Creating {
            share,
            store: store.clone(),
            clock: clock.clone(),
            herald: herald.clone(),
        };
        Self {
            store,
            queue,
            clock,
            herald,
            creating: Gate::open(Arc::new(creating)),
            share,
            max_items: config.max_items,
        }
    }

    /// Names, dates and stores a job. Once this answers, it outlives the process and every queue. Where the owner asked
    /// for the same with `key` before, the answer is that job as it is now.
    ///
    /// # Errors
    /// Fields that cannot be, `QUEUE_FULL`, a key that was used for something else, an owner who is erased, or a store
    /// that is away.
    pub async fn create(
        &self,
        owner: UserId,
        new: NewJob,
        key: Option<IdempotencyKey>,
    ) -> Result<Job, JobError> {
        new.check(self.max_items)?;
        let digest = new
            .digest()
            .map_err(|error| JobError::Encoding(Arc::new(error)))?;
        let draft = new.draft(self.clock.now(), owner, key.map(|key| (key, digest)));
        let charge = draft.job.charge();
        let charge = usize::try_from(charge).unwrap_or_default();
        let admitted = self.queue.admit(owner, draft.job.priority, charge).await;
        // A queue that is away takes the tickets later. How much of the owner's there is the store knows better.
        if let Err(QueueError::Full) = admitted {
            let before = match &draft.key {
                Some((key, _)) => self.store.find_by_key(owner, key).await?,
                None => None,
            };
            return match before {
                Some((job, first)) if first == digest => Ok(job),
                Some(_) => Err(JobError::KeyReused),
                None => Err(JobError::QueueFull),
            };
        }
        let (job, creation) = self.creating.call(draft).await?;
        match creation {
            Creation::Created => Ok(job),
            Creation::Before(job, first) if first == digest => Ok(*job),
            Creation::Before(..) => Err(JobError::KeyReused),
            Creation::Erased => Err(JobError::Erased),
            Creation::Full => Err(JobError::QueueFull),
        }
    }

    /// One of the owner's jobs.
    ///
    /// # Errors
    /// `JOB_NOT_FOUND` where it does not exist or is somebody else's.
    pub async fn find(&self, owner: UserId, id: JobId) -> Result<Job, JobError> {
        let found = self.store.find(owner, id).await?;
        found.ok_or(JobError::NotFound(id))
    }

    /// A page of the owner's jobs, the newest first.
    ///
    /// # Errors
    /// A store that is away.
    pub async fn list(
        &self,
        owner: UserId,
        state: Option<JobState>,
        page: Page,
    ) -> Result<Listing<Job>, JobError> {
        self.store.list(owner, state, page).await
    }

    /// A page of the items of one of the owner's jobs, by position.
    ///
    /// # Errors
    /// `JOB_NOT_FOUND`
    pub async fn items(
        &self,
        owner: UserId,
        id: JobId,
        state: Option<JobState>,
        page: Page,
    ) -> Result<Listing<Item>, JobError> {
        self.find(owner, id).await?;
        self.store.items(id, state, page).await
    }

    /// Calls a job off. One that was called off before is the answer again.
    ///
    /// # Errors
    /// `JOB_NOT_FOUND`, or `JOB_ENDED`.
    pub async fn cancel(&self, owner: UserId, id: JobId) -> Result<Job, JobError> {
        self.find(owner, id).await?;
        let ((), aftermath) = self.store.cancel(id, &*self.clock).await?;
        self.herald.tell(aftermath);
        self.find(owner, id).await
    }

    /// Asks again for all that failed or was called off.
    ///
    /// # Errors
    /// `JOB_NOT_FOUND`, `NOTHING_TO_RETRY`, or `QUEUE_FULL` where the owner has too much open already. Whether the queue is
    /// full is not asked: what is asked for again may be in it still.
    pub async fn retry(&self, owner: UserId, id: JobId) -> Result<Job, JobError> {
        self.find(owner, id).await?;
        let ((), aftermath) = self.store.retry(id, &*self.clock, self.share).await?;
        self.herald.tell(aftermath);
        self.find(owner, id).await
    }
}

/// Stores jobs that are asked for at the same time in one transaction.
struct Creating {
    store: Arc<dyn JobStore>,
    clock: Arc<dyn Clock>,
    herald: Herald,
    share: Share,
}

#[async_trait]
impl Together for Creating {
    type Request = Draft;
    type Reply = (Job, Creation);

    fn weight(draft: &Draft) -> usize {
        draft.tasks.len()
    }

    async fn serve(&self, drafts: &[Draft]) -> Result<Vec<(Job, Creation)>, JobError> {
        let now = self.clock.now();
        let drafts: Vec<_> = drafts.iter().map(|draft| draft.dated(now)).collect();
        let creations = self.store.create(&drafts, self.share).await?;
        let mut aftermath = Aftermath::default();
        for (draft, creation) in drafts.iter().zip(&creations) {
            if *creation == Creation::Created {
                aftermath.created(draft);
            }
        }
        self.herald.tell(aftermath);
        let jobs = drafts.into_iter().map(|draft| draft.job);
        Ok(jobs.zip(creations).collect())
    }
}

impl Aftermath {
    fn created(&mut self, draft: &Draft) {
        let job = &draft.job;
        for task in &draft.tasks {
            self.offer(task, job.owner, job.priority);
        }
        self.changes.push(Change {
            job: job.id,
            owner: job.owner,
        });
        self.events.push(Event::JobCreated(job.priority));
        if job.state.has_ended() {
            self.events.push(Event::JobEnded(job.state));
        }
    }
}

#[cfg(test)]
mod tests;
