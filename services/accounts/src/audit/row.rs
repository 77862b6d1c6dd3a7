//! Between an [`AuditEntry`] and the columns of its row.

use jiff::Timestamp;
use pupila_core::{AuditEntryId, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use uuid::Uuid;

use super::AuditEntry;
use crate::sql::{BATCH, broken, time};

/// Reads whole entries; what is pushed after it says which.
pub(super) const SELECT: &str = "SELECT id, create_time, actor, action, subject, address, \
     request_id, detail FROM audit_entries";

const INSERT: &str = "INSERT INTO audit_entries \
     (id, create_time, actor, action, subject, address, request_id, detail) \
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

/// The statement that writes an entry.
pub(super) fn insert<DB: Dialect>(entry: &AuditEntry) -> Statement<DB> {
    Statement::new(INSERT)
        .bind(entry.id.as_uuid())
        .bind(entry.create_time.as_microsecond())
        .bind(entry.actor.map(|actor| actor.as_uuid()))
        .bind(entry.action.clone())
        .bind(entry.subject.clone())
        .bind(entry.address.clone())
        .bind(entry.request_id.clone())
        .bind(entry.detail.to_string())
}

/// Deletes the entries of before a time.
pub(crate) async fn delete_before<DB: Dialect>(
    connection: &mut DB::Connection,
    time: Timestamp,
) -> Result<(), DatabaseError> {
    loop {
        let select = old(Statement::<DB>::new(""), time);
        let rows = select.fetch_all(connection).await?;
        for row in &rows {
            Statement::<DB>::new("DELETE FROM audit_entries WHERE id = ?")
                .bind(row.get::<Uuid>("id")?)
                .execute(connection)
                .await?;
        }
        if (rows.len() as i64) < BATCH {
            return Ok(());
        }
    }
}

/// Adds to the beginning of a statement that it reads some of the entries of before a time.
pub(super) fn old<DB: Dialect>(beginning: Statement<DB>, time: Timestamp) -> Statement<DB> {
    beginning
        .push("SELECT id FROM audit_entries")
        .through_index("audit_entries_by_time")
        .push(" WHERE create_time < ? LIMIT ?")
        .bind(time.as_microsecond())
        .bind(BATCH)
}

/// The entry that a row holds.
pub(super) fn read<DB: Dialect>(row: &Row<DB>) -> Result<AuditEntry, DatabaseError> {
    let text = |column| row.get::<String>(column);
    Ok(AuditEntry {
        id: AuditEntryId::from_uuid(row.get("id")?),
        create_time: time(row, "create_time")?,
        actor: row.get::<Option<Uuid>>("actor")?.map(UserId::from_uuid),
        action: text("action")?,
        subject: text("subject")?,
        address: text("address")?,
        request_id: text("request_id")?,
        detail: serde_json::from_str(&text("detail")?).map_err(broken)?,
    })
}
