//! Jobs by the keys that their creations were named by.

use std::collections::HashMap;

use pupila_core::{Digest, IdempotencyKey, UserId};
use pupila_db::{DatabaseError, Dialect, Pools, Row, Statement};

use super::{
    insert::batches,
    job_row::{self, unreadable},
};
use crate::jobs::{Draft, Job, JobError};

/// Jobs by their owner and key, each with the digest of what was asked for.
pub(super) type Keyed = HashMap<OwnersKey, (Job, Digest)>;

type OwnersKey = (UserId, String);

/// The owner's job that a key led to, with the digest of what was asked for then.
pub(super) async fn find<DB: Dialect>(
    pools: &Pools<DB>,
    owner: UserId,
    key: &IdempotencyKey,
) -> Result<Option<(Job, Digest)>, JobError> {
    let select = select::<DB>(&[(owner, key)]);
    let mut reader = pools.reader().await?;
    let row = select.fetch_optional(&mut reader).await?;
    row.map(|row| Ok(read(&row)?.1)).transpose()
}

/// The jobs that the keys of drafts led to before. Where none has a key, nothing is asked.
pub(super) async fn of_drafts<DB: Dialect>(
    pools: &Pools<DB>,
    drafts: &[Draft],
) -> Result<Keyed, JobError> {
    let mut found = Keyed::new();
    let keys: Vec<_> = drafts
        .iter()
        .filter_map(|draft| Some((draft.job.owner, &draft.key.as_ref()?.0)))
        .collect();
    if keys.is_empty() {
        return Ok(found);
    }
    let mut reader = pools.reader().await?;
    for keys in batches(&keys) {
        for row in select::<DB>(keys).fetch_all(&mut reader).await? {
            let (key, job) = read(&row)?;
            found.insert(key, job);
        }
    }
    Ok(found)
}

/// Pairs one by one: an engine that is given lists of both sides looks for every owner with every key.
fn select<DB: Dialect>(keys: &[(UserId, &IdempotencyKey)]) -> Statement<DB> {
    let select =
        Statement::<DB>::new(job_row::COLUMNS).push(", idempotency_key, request_sha256 FROM jobs");
    let wheres = std::iter::once(" WHERE ").chain(std::iter::repeat(" OR "));
    wheres.zip(keys).fold(select, |select, (or, (owner, key))| {
        select
            .push(or)
            .push("(owner = ? AND idempotency_key = ?)")
            .bind(owner.as_uuid())
            .bind(key.as_str().to_owned())
    })
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<(OwnersKey, (Job, Digest)), JobError> {
    let job = job_row::read(row)?;
    let columns = || -> Result<_, DatabaseError> {
        Ok((row.get("idempotency_key")?, row.get("request_sha256")?))
    };
    let (key, digest): (String, Vec<u8>) = columns()?;
    let digest = Digest::from_slice(&digest).map_err(|error| unreadable(error.into()))?;
    Ok(((job.owner, key), (job, digest)))
}
