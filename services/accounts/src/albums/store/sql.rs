//! What the statements of albums have in common.

use pupila_core::{Cursor, Page};
use pupila_db::{DatabaseError, Dialect, Statement};

/// What leads a list on behind its last row, and the order of the list. The first comparison gives the index its
/// range, the second breaks ties: MariaDB narrows no range by `(a, b) < (?, ?)`.
pub(super) struct Order {
    /// Takes the key twice, then the id.
    pub(super) behind: &'static str,
    /// Takes the number of rows.
    pub(super) by: &'static str,
}

/// Adds the order of a list, and where the page begins and ends: with one row more, which shows whether there is a
/// next page.
pub(super) fn page<DB: Dialect>(
    statement: Statement<DB>,
    order: &Order,
    page: Page,
) -> Statement<DB> {
    let statement = match page.after() {
        Some(Cursor { key, id }) => statement.push(order.behind).bind(key).bind(key).bind(id),
        None => statement,
    };
    statement.push(order.by).bind(i64::from(page.size()) + 1)
}

/// The number that a statement counts as `there`.
pub(in crate::albums) async fn counted<DB: Dialect>(
    connection: &mut DB::Connection,
    count: Statement<DB>,
) -> Result<u64, DatabaseError> {
    let row = count.fetch_optional(connection).await?;
    let there: Option<i64> = row.map(|row| row.get("there")).transpose()?;
    Ok(there.unwrap_or_default().unsigned_abs())
}
