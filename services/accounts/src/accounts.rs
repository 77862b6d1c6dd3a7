//! What all rules of accounts share.

use std::sync::Arc;

use pupila_core::Clock;
use pupila_db::{Dialect, Pools};

use crate::{passwords::Passwords, throttle::Throttle};

/// The rules of accounts over a database. Each concern has a file of its own with its part of the rules.
pub(crate) struct Accounts<DB: Dialect> {
    /// The database.
    pub(crate) pools: Pools<DB>,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Hashes passwords.
    pub(crate) passwords: Passwords,
    /// Counts guesses at them.
    pub(crate) throttle: Throttle<DB>,
}
