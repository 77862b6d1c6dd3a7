//! What the statements of accounts have in common.

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, Page};
use pupila_db::{DatabaseError, Dialect, Row, Statement};

/// How many rows are looked for at once by those who go through all.
pub(crate) const BATCH: i64 = 200;

/// Adds which page of a list is read, the newest first, to a statement that ends in a condition. One row more than the
/// page shows whether there is a next one.
pub(crate) fn newest_first<DB: Dialect>(statement: Statement<DB>, page: Page) -> Statement<DB> {
    let statement = match page.after() {
        // The first condition gives the index its range, the second breaks ties. MariaDB narrows no range by
        // `(create_time, id) < (?, ?)`.
        Some(Cursor { key, id }) => statement
            .push(" AND create_time <= ? AND (create_time < ? OR id < ?)")
            .bind(key)
            .bind(key)
            .bind(id),
        None => statement,
    };
    statement
        .push(" ORDER BY create_time DESC, id DESC LIMIT ?")
        .bind(i64::from(page.size()) + 1)
}

/// The time in a column.
pub(crate) fn time<DB: Dialect>(row: &Row<DB>, column: &str) -> Result<Timestamp, DatabaseError> {
    Timestamp::from_microsecond(row.get(column)?).map_err(broken)
}

/// The time in a column that may be empty.
pub(crate) fn optional_time<DB: Dialect>(
    row: &Row<DB>,
    column: &str,
) -> Result<Option<Timestamp>, DatabaseError> {
    let microseconds: Option<i64> = row.get(column)?;
    microseconds
        .map(Timestamp::from_microsecond)
        .transpose()
        .map_err(broken)
}

/// The digest in a column.
pub(crate) fn digest<DB: Dialect>(row: &Row<DB>, column: &str) -> Result<Digest, DatabaseError> {
    Digest::from_slice(&row.get::<Vec<u8>>(column)?).map_err(broken)
}

/// A column holds what we never wrote.
pub(crate) fn broken(cause: impl std::error::Error + Send + Sync + 'static) -> DatabaseError {
    sqlx::Error::Decode(Box::new(cause)).into()
}
