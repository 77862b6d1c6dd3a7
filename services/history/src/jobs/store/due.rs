//! Tasks of one state in the order in which somebody looks at them without being asked to.

use jiff::Timestamp;
use pupila_core::{Cursor, Listing};
use pupila_db::{DatabaseError, Dialect, Pools, Row, Statement};
use uuid::Uuid;

use crate::jobs::{JobError, JobState};

/// A stretch of tasks.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub(super) state: JobState,
    /// The time and the id that they come after.
    pub(super) after: Option<Cursor>,
    /// The time that they do not come after.
    pub(super) until: Timestamp,
    pub(super) at_most: u32,
}

/// The tasks of a stretch, each as `read` makes it of its row, and where the next one begins.
pub(super) async fn fetch<DB: Dialect, T>(
    pools: &Pools<DB>,
    columns: &'static str,
    stretch: Stretch,
    read: impl Fn(&Row<DB>) -> T,
) -> Result<Listing<T>, JobError> {
    let select = select::<DB>(columns, stretch);
    let mut reader = pools.reader().await?;
    let rows = select.fetch_all(&mut reader).await?;
    let last = rows
        .last()
        .filter(|_| rows.len() == stretch.at_most as usize);
    Ok(Listing {
        items: rows.iter().map(read).collect(),
        next: last.map(cursor).transpose()?,
    })
}

/// Adds a stretch to the `columns` of a `SELECT`.
pub(super) fn select<DB: Dialect>(columns: &'static str, stretch: Stretch) -> Statement<DB> {
    let Stretch { state, after, .. } = stretch;
    let time = after.map_or(i64::MIN, |last| last.key);
    Statement::new(columns)
        .push(" FROM tasks")
        .through_index("tasks_by_next_time")
        .push(
            " WHERE state = ? AND next_time >= ? AND next_time <= ? AND (next_time > ? OR id > ?)",
        )
        .bind(state.as_str().to_owned())
        .bind(time)
        .bind(stretch.until.as_microsecond())
        .bind(time)
        .bind(after.map_or(Uuid::nil(), |last| last.id))
        .push(" ORDER BY next_time, id LIMIT ?")
        .bind(i64::from(stretch.at_most))
}

fn cursor<DB: Dialect>(row: &Row<DB>) -> Result<Cursor, DatabaseError> {
    Ok(Cursor {
        key: row.get("next_time")?,
        id: row.get("id")?,
    })
}
