//! What workers do with tasks.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use pupila_core::{Clock, TaskId};
use pupila_queue::{Share, WorkerName};

use super::{
    Addition, Finished, Heartbeat, JobError, JobStore, JobsConfig, Leased, Outcome, Rules, Take,
    Taken, Worker, check,
    gather::{Gate, Together},
    herald::Herald,
};

/// What workers do with tasks. Its clones share everything.
#[derive(Clone)]
pub struct Tasks {
    crew: Arc<Crew>,
    taking: Gate<Taking>,
    finishing: Gate<Finishing>,
    max_items: u32,
}

struct Crew {
    store: Arc<dyn JobStore>,
    clock: Arc<dyn Clock>,
    herald: Herald,
    rules: Rules,
    share: Share,
}

impl Tasks {
    pub(crate) fn new(
        store: Arc<dyn JobStore>,
        clock: Arc<dyn Clock>,
        herald: Herald,
        share: Share,
        config: &JobsConfig,
    ) -> Self {
        let crew = Arc::new(Crew {
            store,
            clock,
            herald,
            rules: config.rules(),
            share,
        });
        Self {
            taking: Gate::open(Arc::new(Taking(crew.clone()))),
            finishing: Gate::open(Arc::new(Finishing(crew.clone()))),
            crew,
            max_items: config.max_items,
        }
    }

    /// How long a lease lasts.
    #[must_use]
    pub fn lease(&self) -> Duration {
        self.crew.rules.lease
    }

    /// Most items of a job.
    #[must_use]
    pub const fn max_items(&self) -> u32 {
        self.max_items
    }

    /// Gives a worker those of the tasks that wait and are due. One that it took just now is its own under a new lease, the
    /// same attempt: the answer may have been lost.
    ///
    /// # Errors
    /// Fields that cannot be, or a store that is away.
    pub async fn take(&self, take: Take) -> Result<Vec<Taken>, JobError> {
        check::check_worker(&take.worker, take.tasks.len(), &[])?;
        self.taking.call(take).await
    }

    /// Lengthens leases, and writes down that the worker lives. Answers the tasks that are its no more.
    ///
    /// # Errors
    /// Fields that cannot be, or a store that is away.
    pub async fn renew(
        &self,
        name: WorkerName,
        tasks: Vec<Leased>,
        capacity: u32,
        parked_by: Vec<String>,
    ) -> Result<Vec<TaskId>, JobError> {
        check::check_worker(&name, tasks.len(), &parked_by)?;
        let now = self.crew.clock.now();
        let until = now.saturating_add(self.lease());
        let beat = Heartbeat {
            worker: Worker {
                name,
                seen_time: now,
                capacity,
                running: u32::try_from(tasks.len()).unwrap_or(u32::MAX),
                parked_by,
            },
            tasks,
            until: until.unwrap_or(Timestamp::MAX),
        };
        self.crew.store.renew(&beat).await
    }

    /// Writes down how tasks went. Whether each was written, in their order: not so where the lease was lost.
    ///
    /// # Errors
    /// Results that cannot be stored, or a store that is away.
    pub async fn finish(&self, finished: Vec<Finished>) -> Result<Vec<bool>, JobError> {
        let done = finished
            .iter()
            .enumerate()
            .filter_map(|(n, of)| match &of.outcome {
                Outcome::Done { results, routes } => {
                    Some((n, results.as_slice(), routes.as_slice()))
                }
                _ => None,
            });
        check::check_done(finished.len(), done)?;
        self.finishing.call(finished).await
    }

    /// Adds items to the job of a ZIP, those that it does not have yet.
    ///
    /// # Errors
    /// `LEASE_LOST`, fields that cannot be, or a store that is away.
    pub async fn add_items(&self, addition: &Addition) -> Result<(), JobError> {
        addition.check(self.max_items)?;
        let crew = &*self.crew;
        let ((), aftermath) = crew
            .store
            .add_items(addition, &*crew.clock, crew.share)
            .await?;
        crew.herald.tell(aftermath);
        Ok(())
    }
}

/// Gives tasks to all workers who ask at the same time in one transaction.
struct Taking(Arc<Crew>);

#[async_trait]
impl Together for Taking {
    type Request = Take;
    type Reply = Vec<Taken>;

    fn weight(take: &Take) -> usize {
        take.tasks.len()
    }

    async fn serve(&self, takes: &[Take]) -> Result<Vec<Vec<Taken>>, JobError> {
        let crew = &*self.0;
        let taken = crew.store.take(takes, &*crew.clock, &crew.rules).await;
        let (taken, aftermath) = taken?;
        crew.herald.tell(aftermath);
        Ok(taken)
    }
}

/// Writes down what all workers tell at the same time in one transaction.
struct Finishing(Arc<Crew>);

#[async_trait]
impl Together for Finishing {
    type Request = Vec<Finished>;
    type Reply = Vec<bool>;

    fn weight(finished: &Vec<Finished>) -> usize {
        finished.len()
    }

    async fn serve(&self, requests: &[Vec<Finished>]) -> Result<Vec<Vec<bool>>, JobError> {
        let crew = &*self.0;
        let finished = requests.concat();
        let written = crew.store.finish(&finished, &*crew.clock, &crew.rules);
        let (written, aftermath) = written.await?;
        crew.herald.tell(aftermath);
        let mut written = written.into_iter();
        let of = |request: &Vec<Finished>| written.by_ref().take(request.len()).collect();
        Ok(requests.iter().map(of).collect())
    }
}
