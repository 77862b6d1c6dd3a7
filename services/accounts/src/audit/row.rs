//! Between an [`AuditEntry`] and the columns of its row.

use pupila_db::{Dialect, Statement};

use super::AuditEntry;

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
