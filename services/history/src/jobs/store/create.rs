//! New jobs.

use std::collections::BTreeSet;

use pupila_core::{JobId, UserId};
use pupila_db::{DatabaseError, Dialect, Pools};
use pupila_queue::Share;

use super::{backlog, insert, keyed, persist::persist};
use crate::{
    jobs::{Claim, Creation, Draft, JobError},
    store::caller,
};

/// What of a batch is not stored.
#[derive(Default)]
struct Refused {
    /// Whose account is gone.
    owners: BTreeSet<UserId>,
    /// For which there is no room.
    jobs: BTreeSet<JobId>,
}

/// Stores jobs with their tasks, together or not at all; those of erased owners are left out, those whose key led to a job
/// before, and those that are more than their owner's `share` has room for.
pub(super) async fn create<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[Draft],
    share: Share,
) -> Result<Vec<Creation>, JobError> {
    // Another process used a key at the same time: now it is found. Or it held what this needed.
    let passes = |error: &JobError| error.is_unique_violation() || error.is_deadlock();
    persist(passes, || try_create(pools, drafts, share)).await
}

async fn try_create<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[Draft],
    share: Share,
) -> Result<Vec<Creation>, JobError> {
    let mut known = keyed::of_drafts(pools, drafts).await?;
    let mut new = Vec::with_capacity(drafts.len());
    let mut creations = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let key = draft.key.as_ref();
        let key = key.map(|(key, digest)| ((draft.job.owner, key.as_str().to_owned()), *digest));
        let before = key.as_ref().and_then(|(key, _)| known.get(key));
        if let Some((job, digest)) = before {
            creations.push(Creation::Before(Box::new(job.clone()), *digest));
            continue;
        }
        // One that comes again in the same batch is found like one of before.
        known.extend(key.map(|(key, digest)| (key, (draft.job.clone(), digest))));
        creations.push(Creation::Created);
        new.push(draft);
    }
    let refused = insert(pools, &new, share).await?;
    let told = drafts.iter().zip(creations);
    let told = told.map(|(draft, creation)| refused.tell(draft, creation));
    Ok(told.collect())
}

impl Refused {
    /// What became of a draft, which may have come again in the same batch.
    fn tell(&self, draft: &Draft, creation: Creation) -> Creation {
        let job = match &creation {
            Creation::Before(job, _) => job.id,
            _ => draft.job.id,
        };
        if self.owners.contains(&draft.job.owner) {
            Creation::Erased
        } else if self.jobs.contains(&job) {
            Creation::Full
        } else {
            creation
        }
    }
}

/// Inserts jobs with their tasks, but those that are refused.
async fn insert<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[&Draft],
    share: Share,
) -> Result<Refused, JobError> {
    let mut refused = Refused::default();
    if drafts.is_empty() {
        return Ok(refused);
    }
    let owners: BTreeSet<_> = drafts.iter().map(|draft| draft.job.owner).collect();
    let mut transaction = pools.transaction().await?;
    let mut callers = caller::lock::<DB>(&mut transaction, &owners).await?;
    if callers.len() < owners.len() {
        // Somebody's first, or one after their last. Whoever has a row keeps it.
        transaction.rollback().await.map_err(DatabaseError::from)?;
        for owner in owners.iter().filter(|owner| !callers.contains_key(owner)) {
            caller::welcome(pools, *owner).await?;
        }
        transaction = pools.transaction().await?;
        callers = caller::lock::<DB>(&mut transaction, &owners).await?;
    }
    let is_erased = |owner: &UserId| callers.get(owner).is_none_or(|caller| caller.erased);
    refused.owners = owners.into_iter().filter(is_erased).collect();
    let mut kept: Vec<_> = drafts.to_vec();
    kept.retain(|draft| !refused.owners.contains(&draft.job.owner));
    let claims: Vec<_> = kept
        .iter()
        .map(|draft| Claim::of(&draft.job, share))
        .collect();
    let admitted = backlog::admit::<DB>(&mut transaction, &callers, &claims).await?;
    let full = kept.iter().zip(admitted).filter(|(_, admitted)| !admitted);
    refused.jobs = full.map(|(draft, _)| draft.job.id).collect();
    kept.retain(|draft| !refused.jobs.contains(&draft.job.id));
    insert::jobs::<DB>(&mut transaction, &kept).await?;
    let tasks: Vec<_> = kept.iter().flat_map(|draft| tasks_of(draft)).collect();
    insert::tasks::<DB>(&mut transaction, &tasks).await?;
    transaction.commit().await.map_err(DatabaseError::from)?;
    Ok(refused)
}

fn tasks_of(draft: &Draft) -> impl Iterator<Item = insert::NewTask<'_>> {
    draft.tasks.iter().map(|task| insert::NewTask {
        task,
        owner: draft.job.owner,
        priority: draft.job.priority,
    })
}
