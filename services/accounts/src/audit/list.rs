//! Reading the record.

use jiff::Timestamp;
use pupila_core::{Cursor, Listing, Page, UserId};
use pupila_db::{Dialect, Statement};

use super::{AuditEntry, row};
use crate::{AccountsError, accounts::Accounts, sql::newest_first, violations::Violations};

/// Which entries are meant. All that is set must hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct AuditFilter {
    /// What this user did.
    pub(crate) actor: Option<UserId>,
    /// What was done, such as `user.blocked`.
    pub(crate) action: Option<String>,
    /// At this time or later.
    pub(crate) from_time: Option<Timestamp>,
    /// Before this time.
    pub(crate) until_time: Option<Timestamp>,
}

impl AuditFilter {
    fn check(&self) -> Result<(), AccountsError> {
        let mut violations = Violations::default();
        if let Some(action) = &self.action {
            violations.require_text("action", action, 1..=64);
        }
        let in_order = match (self.from_time, self.until_time) {
            (Some(from), Some(until)) => from <= until,
            _ => true,
        };
        violations.require(in_order, "until_time", "must not be before from_time");
        violations.finish()
    }

    /// The index that leads to a page in its order. Chosen here, because a planner that finds most entries to be of one
    /// action reads and sorts them all.
    fn index(&self) -> &'static str {
        match (self.actor, &self.action) {
            (Some(_), Some(_)) => "audit_entries_by_actor_action",
            (Some(_), None) => "audit_entries_by_actor",
            (None, Some(_)) => "audit_entries_by_action",
            (None, None) => "audit_entries_by_time",
        }
    }

    /// Adds to a `SELECT … FROM audit_entries` which page it reads.
    pub(super) fn page<DB: Dialect>(&self, select: Statement<DB>, page: Page) -> Statement<DB> {
        let time = |time: Option<Timestamp>| time.map(|time| time.as_microsecond());
        let select = select
            .through_index(self.index())
            .push(" WHERE create_time >= ?")
            .bind(time(self.from_time).unwrap_or(i64::MIN))
            .push_some(" AND create_time < ?", time(self.until_time))
            .push_some(" AND actor = ?", self.actor.map(|actor| actor.as_uuid()))
            .push_some(" AND action = ?", self.action.clone());
        newest_first(select, page)
    }
}

impl<DB: Dialect> Accounts<DB> {
    /// A page of the record, the newest first.
    ///
    /// # Errors
    /// A filter that cannot be.
    pub(crate) async fn list_audit(
        &self,
        filter: &AuditFilter,
        page: Page,
    ) -> Result<Listing<AuditEntry>, AccountsError> {
        filter.check()?;
        let select = filter.page(Statement::<DB>::new(row::SELECT), page);
        let mut reader = self.pools.reader().await?;
        let rows = select.fetch_all(&mut reader).await?;
        drop(reader);
        let entries = rows.iter().map(row::read).collect::<Result<_, _>>()?;
        Ok(page.cut(entries, |entry: &AuditEntry| Cursor {
            key: entry.create_time.as_microsecond(),
            id: entry.id.as_uuid(),
        }))
    }
}
