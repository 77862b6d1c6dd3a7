//! Who offers again what has been due for long.

use jiff::Timestamp;
use pupila_db::{Dialect, Statement};

use super::Sleeper;

/// Puts the next offer of tasks that wait off until `wake`: of those that were to be offered by `now`, so that of several
/// processes one does.
pub(super) fn claim<DB: Dialect>(
    tasks: &[Sleeper],
    now: Timestamp,
    wake: Timestamp,
) -> Statement<DB> {
    let ids = tasks.iter().map(|task| task.ticket.task.as_uuid());
    Statement::new("UPDATE tasks")
        .through_key()
        .push(" SET next_time = ?")
        .bind(wake.as_microsecond())
        .push_list(" WHERE id IN", ids)
        .push(" AND state = 'queued' AND next_time <= ?")
        .bind(now.as_microsecond())
}
