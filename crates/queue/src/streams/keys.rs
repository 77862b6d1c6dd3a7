//! What everything is called in Redis. `scripts/places.lua` knows the rest.

use pupila_core::UserId;

use super::wire;
use crate::Priority;

/// The names of keys and channels. The braces keep all of them on one node of a cluster.
pub(super) struct Keys {
    base: String,
}

impl Keys {
    pub(super) fn new(prefix: &str) -> Self {
        Self {
            base: format!("{{{prefix}}}"),
        }
    }

    /// What each name begins with.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// What waits of an owner's, and what was handed out.
    pub(super) fn stream(&self, priority: Priority, owner: UserId) -> String {
        format!("{}:{}:{owner}", self.base, wire::priority(priority))
    }

    /// How many wait.
    pub(super) fn counts(&self) -> String {
        format!("{}:counts", self.base)
    }

    /// Tasks by the time at which they are due.
    pub(super) fn delayed(&self) -> String {
        format!("{}:delayed", self.base)
    }

    /// Tasks by the time from which they are handed out again.
    pub(super) fn unsettled(&self) -> String {
        format!("{}:unsettled", self.base)
    }

    /// The stream of tasks that were given up.
    pub(super) fn dead(&self) -> String {
        format!("{}:dead", self.base)
    }

    /// Is there unless Redis lost what was in it.
    pub(super) fn marker(&self) -> String {
        format!("{}:marker", self.base)
    }

    /// The channel that rings when something is offered.
    pub(super) fn bell(&self) -> String {
        format!("{}:bell", self.base)
    }

    /// The channel of changes.
    pub(super) fn changes(&self) -> String {
        format!("{}:changes", self.base)
    }
}
