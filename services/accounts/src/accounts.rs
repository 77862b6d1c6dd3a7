//! What all rules of accounts share.

use std::sync::Arc;

use pupila_core::Clock;
use pupila_db::{Dialect, Pools};
use tokio::sync::{Notify, OnceCell};

use crate::{
    Registration,
    config::{AuditConfig, SessionsConfig},
    keys::Keys,
    passwords::Passwords,
    services::Services,
    throttle::Throttle,
};

/// The rules of accounts over a database. Each concern has a file of its own with its part of the rules.
pub(crate) struct Accounts<DB: Dialect> {
    /// The database.
    pub(crate) pools: Pools<DB>,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Who may make an account.
    pub(crate) registration: Registration,
    /// Whether everybody is the local user.
    pub(crate) local_user: bool,
    /// What sessions are like.
    pub(crate) sessions: SessionsConfig,
    /// What the record is like.
    pub(crate) audit: AuditConfig,
    /// Hashes passwords.
    pub(crate) passwords: Passwords,
    /// Counts guesses at them.
    pub(crate) throttle: Throttle<DB>,
    /// Signs tokens.
    pub(crate) keys: Arc<Keys<DB>>,
    /// The services that get tokens.
    pub(crate) services: Services,
    /// Set once the account of the local user is there.
    pub(crate) local_user_made: OnceCell<()>,
    /// Wakes the erasure of those who are deleted.
    pub(crate) deletions: Notify,
}
