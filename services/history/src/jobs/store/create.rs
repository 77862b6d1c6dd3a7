//! New jobs.

use std::collections::BTreeSet;

use pupila_core::UserId;
use pupila_db::{DatabaseError, Dialect, Pools};

use super::{hold::TRIES, insert, keyed};
use crate::{
    jobs::{Creation, Draft, JobError},
    store::caller,
};

/// Stores jobs with their tasks, together or not at all; those of erased owners are left out, and those whose key led to a
/// job before.
pub(super) async fn create<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[Draft],
) -> Result<Vec<Creation>, JobError> {
    let mut tries = 1;
    loop {
        match try_create(pools, drafts).await {
            // Another process used a key at the same time: now it is found. Or it held what this needed.
            Err(error) if (error.is_unique_violation() || error.is_deadlock()) && tries < TRIES => {
                tries += 1;
            }
            created => return created,
        }
    }
}

async fn try_create<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[Draft],
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
    let erased = insert(pools, &new).await?;
    let told = drafts.iter().zip(creations);
    let told = told.map(
        |(draft, creation)| match erased.contains(&draft.job.owner) {
            true => Creation::Erased,
            false => creation,
        },
    );
    Ok(told.collect())
}

/// Inserts jobs with their tasks, but those of erased owners. Answers who these are.
async fn insert<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[&Draft],
) -> Result<BTreeSet<UserId>, JobError> {
    if drafts.is_empty() {
        return Ok(BTreeSet::new());
    }
    let owners: BTreeSet<_> = drafts.iter().map(|draft| draft.job.owner).collect();
    let mut transaction = pools.transaction().await?;
    let mut erasures = caller::erasures::<DB>(&mut transaction, &owners).await?;
    if erasures.len() < owners.len() {
        // Somebody's first, or one after their last. Whoever has a row keeps it.
        transaction.rollback().await.map_err(DatabaseError::from)?;
        for owner in owners.iter().filter(|owner| !erasures.contains_key(owner)) {
            caller::welcome(pools, *owner).await?;
        }
        transaction = pools.transaction().await?;
        erasures = caller::erasures::<DB>(&mut transaction, &owners).await?;
    }
    let is_erased = |owner: &UserId| erasures.get(owner).copied().unwrap_or(true);
    let (erased, kept): (BTreeSet<_>, BTreeSet<_>) = owners.into_iter().partition(is_erased);
    let drafts = drafts.iter().copied();
    let drafts: Vec<_> = drafts
        .filter(|draft| kept.contains(&draft.job.owner))
        .collect();
    insert::jobs::<DB>(&mut transaction, &drafts).await?;
    let tasks: Vec<_> = drafts.iter().flat_map(|draft| tasks_of(draft)).collect();
    insert::tasks::<DB>(&mut transaction, &tasks).await?;
    transaction.commit().await.map_err(DatabaseError::from)?;
    Ok(erased)
}

fn tasks_of(draft: &Draft) -> impl Iterator<Item = insert::NewTask<'_>> {
    draft.tasks.iter().map(|task| insert::NewTask {
        task,
        owner: draft.job.owner,
        priority: draft.job.priority,
    })
}
