//! The record of who did what.

use pupila_proto::accounts::v1 as proto;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{present, time};

/// One line of the record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    id: String,
    /// When it happened.
    #[schema(format = DateTime)]
    create_time: String,
    /// The user who did it; null where nobody was signed in.
    #[schema(value_type = Option<uuid::Uuid>, required)]
    actor: Option<String>,
    /// What was done.
    #[schema(example = "session.signed_in")]
    action: String,
    /// To whom or what: an id.
    #[schema(required)]
    subject: Option<String>,
    /// The network address that it came from.
    #[schema(required)]
    address: Option<String>,
    /// More about it, such as the new role.
    detail: Map<String, Value>,
    /// The request that did it.
    request_id: String,
}

impl From<proto::AuditEntry> for AuditEntry {
    fn from(entry: proto::AuditEntry) -> Self {
        Self {
            id: entry.id,
            create_time: time::required(entry.create_time),
            actor: present(entry.actor),
            action: entry.action,
            subject: present(entry.subject),
            address: present(entry.address),
            detail: serde_json::from_str(&entry.detail_json).unwrap_or_default(),
            request_id: entry.request_id,
        }
    }
}
