//! What a queue takes in.

use crate::{Priority, QueueConfig, QueueError};

/// The part of the whole that is kept for what somebody waits for: a tenth.
const RESERVE: usize = 10;

/// How much may be here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Admission {
    whole: usize,
    share: Share,
}

/// The part of the whole that one owner may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(usize);

/// How much is here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fill {
    /// Of everybody's, what is delayed too.
    pub(crate) whole: usize,
    /// Of the owner's: what waits and what was handed out.
    pub(crate) owner: usize,
}

impl Share {
    pub(crate) const fn new(most: usize) -> Self {
        Self(most)
    }

    /// Whether `count` more fit for an owner who has `open`. Who has nothing may bring any number: otherwise a job that is
    /// larger than the share would be refused for ever.
    #[must_use]
    pub const fn admits(self, open: usize, count: usize) -> bool {
        open == 0 || open.saturating_add(count) <= self.0
    }
}

impl Admission {
    pub(crate) fn new(config: &QueueConfig) -> Self {
        Self {
            whole: config.max_waiting,
            share: config.share(),
        }
    }

    /// What one owner may have.
    pub(crate) const fn share(self) -> Share {
        self.share
    }

    /// Whether `count` more of an owner's fit.
    pub(crate) fn admit(
        self,
        fill: Fill,
        priority: Priority,
        count: usize,
    ) -> Result<(), QueueError> {
        let whole = match priority {
            Priority::Interactive => self.whole,
            Priority::Batch => self.whole - self.whole / RESERVE,
        };
        let fits = fill.whole.saturating_add(count) <= whole;
        if fits && self.share.admits(fill.owner, count) {
            Ok(())
        } else {
            Err(QueueError::Full)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(whole: usize, owner: usize, priority: Priority, count: usize) -> bool {
        let config = QueueConfig {
            max_waiting: 1_000,
            ..QueueConfig::default()
        };
        let fill = Fill { whole, owner };
        Admission::new(&config).admit(fill, priority, count).is_ok()
    }

    #[test]
    fn nobody_holds_more_than_a_tenth() {
        assert!(admitted(99, 99, Priority::Batch, 1));
        assert!(!admitted(99, 99, Priority::Batch, 2));
        assert!(!admitted(100, 100, Priority::Interactive, 1));
        assert!(admitted(100, 0, Priority::Batch, 100), "somebody else");
    }

    #[test]
    fn whoever_has_nothing_here_may_bring_a_large_job() {
        assert!(admitted(0, 0, Priority::Batch, 900));
        assert!(!admitted(1, 1, Priority::Batch, 900));
    }

    #[test]
    fn batches_leave_room_for_what_somebody_waits_for() {
        assert!(admitted(899, 0, Priority::Batch, 1));
        assert!(!admitted(900, 0, Priority::Batch, 1));
        assert!(admitted(999, 0, Priority::Interactive, 1));
        assert!(!admitted(1_000, 0, Priority::Interactive, 1));
        assert!(!admitted(0, 0, Priority::Interactive, usize::MAX));
    }
}
