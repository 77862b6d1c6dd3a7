//! Deleting all of a caller's, a batch at a time, so that no lock lasts: SQLite has one writer, and MySQL keeps the
//! rows of a statement locked until its end.

use pupila_core::UserId;
use pupila_db::{DatabaseError, Dialect, Statement};
use uuid::Uuid;

use super::path::BY_CALLER;

/// Most rows that one statement deletes, not counting those that go with them.
const BATCH: i64 = 500;

/// A table whose rows belong to somebody.
struct Table {
    select: &'static str,
    index: &'static str,
    of_user: &'static str,
    delete: &'static str,
}

/// Reviews before predictions, and tasks before jobs: one may have any number of them, and what is left of them goes
/// with it. Who works on a task hears that the lease was lost.
const TABLES: [Table; 4] = [
    Table {
        select: "SELECT id FROM reviews",
        index: "reviews_by_reviewer",
        of_user: " WHERE reviewer = ? LIMIT ?",
        delete: "DELETE FROM reviews",
    },
    Table {
        select: "SELECT id FROM predictions",
        index: BY_CALLER,
        of_user: " WHERE caller = ? LIMIT ?",
        delete: "DELETE FROM predictions",
    },
    Table {
        select: "SELECT tasks.id AS id FROM jobs",
        index: "jobs_by_owner",
        of_user: " JOIN tasks ON tasks.job_id = jobs.id WHERE jobs.owner = ? LIMIT ?",
        delete: "DELETE FROM tasks",
    },
    Table {
        select: "SELECT id FROM jobs",
        index: "jobs_by_owner",
        of_user: " WHERE owner = ? LIMIT ?",
        delete: "DELETE FROM jobs",
    },
];

/// Deletes one batch of what is the user's. `false` when there was nothing.
pub(super) async fn batch<DB: Dialect>(
    connection: &mut DB::Connection,
    user: UserId,
) -> Result<bool, DatabaseError> {
    for table in &TABLES {
        let select = Statement::<DB>::new(table.select)
            .through_index(table.index)
            .push(table.of_user)
            .bind(user.as_uuid())
            .bind(BATCH);
        let rows = select.fetch_all(connection).await?;
        let ids: Vec<Uuid> = rows
            .iter()
            .map(|row| row.get("id"))
            .collect::<Result<_, _>>()?;
        if !ids.is_empty() {
            // By id: MariaDB would read the whole table to delete where `id IN (SELECT …)`.
            let delete = Statement::<DB>::new(table.delete).push_list(" WHERE id IN", ids);
            delete.execute(connection).await?;
            return Ok(true);
        }
    }
    Ok(false)
}
