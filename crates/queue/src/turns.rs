//! What both queues agree on.

use std::time::Duration;

/// While both wait, every so-many-th ticket is a batch's, so that no stream of interactive ones starves them.
pub(crate) const BATCH_TURN: u32 = 8;

/// The longest that a worker waits before it looks again by itself, for what no bell rings for.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// How many tasks that were given up are kept for people to look at.
pub(crate) const DEAD_LETTERS: usize = 1_000;
