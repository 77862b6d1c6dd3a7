//! Backlogs of owners.
//!
//! An owner's row says how long the backlog may be by now: what was admitted since it was last counted, and what was counted
//! then. So jobs are counted only when that is more than the owner may have. Whoever makes a backlog longer holds that row.

use std::collections::BTreeMap;

use pupila_core::UserId;
use pupila_db::{DatabaseError, Dialect, Statement};

use crate::{
    jobs::{Backlog, Claim, JobError},
    store::caller::{self, Caller},
};

/// What of a job's row [`Job::charge`](crate::jobs::Job) goes by. `CAST`, because a sum is a `DECIMAL` to MySQL.
const COUNT: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN unpacking AND total = 0 THEN 0 \
     WHEN unpacking THEN total - succeeded - failed - cancelled ELSE queued + running END), 0) AS SIGNED) AS items, \
     CAST(COALESCE(SUM(CASE WHEN unpacking AND total = 0 THEN 1 ELSE 0 END), 0) AS SIGNED) AS unopened FROM jobs";

/// Makes room for one change of an owner's jobs.
///
/// # Errors
/// There is none.
pub(super) async fn make_room<DB: Dialect>(
    transaction: &mut DB::Connection,
    claim: Claim,
) -> Result<(), JobError> {
    let callers = caller::lock::<DB>(transaction, &[claim.owner].into()).await?;
    match admit::<DB>(transaction, &callers, &[claim]).await?[..] {
        [true] => Ok(()),
        _ => Err(claim.refusal()),
    }
}

/// Whether there is room for each of the claims of owners whose rows are held. What there is room for is written down.
pub(super) async fn admit<DB: Dialect>(
    transaction: &mut DB::Connection,
    callers: &BTreeMap<UserId, Caller>,
    claims: &[Claim],
) -> Result<Vec<bool>, JobError> {
    let mut of_owners: BTreeMap<UserId, Vec<(usize, Claim)>> = BTreeMap::new();
    for (n, claim) in claims.iter().enumerate() {
        of_owners.entry(claim.owner).or_default().push((n, *claim));
    }
    let mut admitted = vec![false; claims.len()];
    let mut growths: BTreeMap<i64, Vec<UserId>> = BTreeMap::new();
    for (owner, claims) in of_owners {
        let known = callers.get(&owner).map_or(0, |caller| caller.backlog);
        let (mut fit, mut length) = fitting(&claims, Backlog::at_most(known));
        if fit.len() < claims.len() {
            (fit, length) = fitting(&claims, count::<DB>(transaction, owner).await?);
        }
        fit.into_iter().for_each(|n| admitted[n] = true);
        growths.entry(length - known).or_default().push(owner);
    }
    growths.remove(&0);
    for (growth, owners) in growths {
        caller::lengthen::<DB>(transaction, owners, growth).await?;
    }
    Ok(admitted)
}

/// Which of an owner's claims there is room for, each after those before it, and how long the backlog is then.
fn fitting(claims: &[(usize, Claim)], mut backlog: Backlog) -> (Vec<usize>, i64) {
    let mut fit = Vec::with_capacity(claims.len());
    for (n, claim) in claims {
        if claim.fits(backlog) {
            backlog.items += claim.growth;
            fit.push(*n);
        }
    }
    (fit, backlog.size())
}

async fn count<DB: Dialect>(
    transaction: &mut DB::Connection,
    owner: UserId,
) -> Result<Backlog, DatabaseError> {
    let row = counting::<DB>(owner).fetch_optional(transaction).await?;
    row.map_or(Ok(Backlog::at_most(0)), |row| {
        Ok(Backlog {
            items: row.get("items")?,
            unopened: row.get("unopened")?,
        })
    })
}

/// Counts the owner's jobs that are open.
pub(super) fn counting<DB: Dialect>(owner: UserId) -> Statement<DB> {
    Statement::new(COUNT)
        .through_index("jobs_by_owner_state")
        .push(" WHERE owner = ? AND state IN ('queued', 'running')")
        .bind(owner.as_uuid())
}
