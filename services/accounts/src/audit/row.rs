//! Between an [`AuditEntry`] and the columns of its row.

use pupila_core::{AuditEntryId, UserId};
use pupila_db::{DatabaseError, Dialect, Row, Statement};
use uuid::Uuid;

use super::AuditEntry;
use crate::sql::{broken, time};

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
