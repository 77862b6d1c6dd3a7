//! Tasks whose leases ran out go back.

use jiff::Timestamp;
use pupila_core::{Clock, Cursor, Listing, TaskId};
use pupila_db::{DatabaseError, Dialect, Pools};

use super::{
    due::{self, Stretch},
    hold::{self, Whose},
};
use crate::jobs::{Aftermath, JobError, JobState, Rules};

/// What a lapsed task is read from.
const COLUMNS: &str = "SELECT id, next_time";

/// Tasks whose leases end by `until`.
pub(super) async fn lapsed<DB: Dialect>(
    pools: &Pools<DB>,
    after: Option<Cursor>,
    until: Timestamp,
    at_most: u32,
) -> Result<Listing<TaskId>, JobError> {
    let stretch = Stretch {
        state: JobState::Running,
        after,
        until,
        at_most,
    };
    let id = |row: &pupila_db::Row<DB>| row.get("id").map(TaskId::from_uuid);
    let found = due::fetch(pools, COLUMNS, stretch, id).await?;
    let ids: Result<_, DatabaseError> = found.items.into_iter().collect();
    Ok(Listing {
        items: ids?,
        next: found.next,
    })
}

/// Takes those of the tasks whose leases still end by `until` from their workers.
pub(super) async fn reclaim<DB: Dialect>(
    pools: &Pools<DB>,
    tasks: &[TaskId],
    until: Timestamp,
    clock: &dyn Clock,
    rules: &Rules,
) -> Result<Aftermath, JobError> {
    let reclaim = hold::change(pools, clock, Whose::Tasks(tasks), |held| {
        held.reclaim(tasks, until, rules);
        Ok(())
    });
    let ((), aftermath) = reclaim.await?;
    Ok(aftermath)
}
