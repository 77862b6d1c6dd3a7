//! New jobs.

use std::collections::BTreeSet;

use pupila_core::{Digest, IdempotencyKey, UserId};
use pupila_db::{DatabaseError, Dialect, Pools, Statement};

use super::{insert, job_row, job_row::unreadable};
use crate::{
    jobs::{Creation, Draft, Job, JobError},
    store::caller,
};

/// Stores jobs with their tasks, together or not at all; those of erased owners are left out.
pub(super) async fn create<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[Draft],
) -> Result<Vec<Creation>, JobError> {
    match try_create(pools, drafts).await {
        Err(error) if error.is_unique_violation() => match drafts {
            [
                Draft {
                    job,
                    key: Some((key, _)),
                    ..
                },
            ] => {
                let found = find_by_key(pools, job.owner, key).await?;
                let (job, digest) = found.ok_or(error)?;
                Ok(vec![Creation::Before(Box::new(job), digest)])
            }
            _ => Err(error),
        },
        created => created,
    }
}

/// The owner's job that a key led to, with the digest of what was asked for then.
pub(super) async fn find_by_key<DB: Dialect>(
    pools: &Pools<DB>,
    owner: UserId,
    key: &IdempotencyKey,
) -> Result<Option<(Job, Digest)>, JobError> {
    let select = Statement::<DB>::new(job_row::COLUMNS)
        .push(", request_sha256 FROM jobs WHERE owner = ? AND idempotency_key = ?")
        .bind(owner.as_uuid())
        .bind(key.as_str().to_owned());
    let mut reader = pools.reader().await?;
    let Some(row) = select.fetch_optional(&mut reader).await? else {
        return Ok(None);
    };
    let digest: Vec<u8> = row.get("request_sha256")?;
    let digest = Digest::from_slice(&digest).map_err(|error| unreadable(error.into()))?;
    Ok(Some((job_row::read(&row)?, digest)))
}

async fn try_create<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[Draft],
) -> Result<Vec<Creation>, JobError> {
    let owners: BTreeSet<_> = drafts.iter().map(|draft| draft.job.owner).collect();
    let mut transaction = pools.transaction().await?;
    let mut erased = caller::erasures::<DB>(&mut transaction, &owners).await?;
    if erased.len() < owners.len() {
        // Somebody's first, or one after their last. Whoever has a row keeps it.
        transaction.rollback().await.map_err(DatabaseError::from)?;
        for owner in owners.iter().filter(|owner| !erased.contains_key(owner)) {
            caller::welcome(pools, *owner).await?;
        }
        transaction = pools.transaction().await?;
        erased = caller::erasures::<DB>(&mut transaction, &owners).await?;
    }
    let is_erased = |draft: &Draft| erased.get(&draft.job.owner).copied().unwrap_or(true);
    let kept: Vec<_> = drafts.iter().filter(|draft| !is_erased(draft)).collect();
    insert::jobs::<DB>(&mut transaction, &kept).await?;
    let tasks: Vec<_> = kept.iter().flat_map(|draft| tasks_of(draft)).collect();
    insert::tasks::<DB>(&mut transaction, &tasks).await?;
    transaction.commit().await.map_err(DatabaseError::from)?;
    let creation = |draft| match is_erased(draft) {
        true => Creation::Erased,
        false => Creation::Created,
    };
    Ok(drafts.iter().map(creation).collect())
}

fn tasks_of(draft: &Draft) -> impl Iterator<Item = insert::NewTask<'_>> {
    draft.tasks.iter().map(|task| insert::NewTask {
        task,
        owner: draft.job.owner,
        priority: draft.job.priority,
    })
}
