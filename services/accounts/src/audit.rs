//! The record of who did what, from where and when. Entries are written once, in the transaction of the change that
//! they tell of, and hold ids, never e-mail addresses: they stay when a user goes, and are deleted when they are old.

mod action;
mod list;
#[cfg(test)]
mod plan;
mod row;

use jiff::Timestamp;
use pupila_core::{AuditEntryId, UserId};
use pupila_db::{DatabaseError, Dialect};

pub(crate) use action::Action;
pub(crate) use list::AuditFilter;
pub(crate) use row::delete_before as sweep;

use crate::origin::Origin;

/// One line of the record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AuditEntry {
    /// Its name.
    pub(crate) id: AuditEntryId,
    /// When it happened.
    pub(crate) create_time: Timestamp,
    /// Who did it; `None` where nobody was signed in.
    pub(crate) actor: Option<UserId>,
    /// What was done: an [`Action`], or one of another release.
    pub(crate) action: String,
    /// To whom or what: an id or the name of a service; may be empty.
    pub(crate) subject: String,
    /// The network address that it came from; may be empty.
    pub(crate) address: String,
    /// The request that did it.
    pub(crate) request_id: String,
    /// More about it.
    pub(crate) detail: serde_json::Value,
}

/// Writes a line of the record: `action` was done to `subject` by whoever `origin` tells. `detail` is a JSON object
/// without e-mail addresses and secrets.
///
/// # Errors
/// The database is away or refuses it; the caller then drops its transaction, and nothing has happened.
pub(crate) async fn record<DB: Dialect>(
    connection: &mut DB::Connection,
    origin: &Origin,
    action: Action,
    subject: impl ToString,
    detail: serde_json::Value,
) -> Result<(), DatabaseError> {
    let entry = AuditEntry {
        id: AuditEntryId::new(origin.time),
        create_time: origin.time,
        actor: origin.actor,
        action: action.as_str().to_owned(),
        subject: subject.to_string(),
        address: origin
            .address
            .map(|address| address.to_string())
            .unwrap_or_default(),
        request_id: origin.request_id.to_string(),
        detail,
    };
    row::insert::<DB>(&entry).execute(connection).await
}
