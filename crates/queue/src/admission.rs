//! What a queue takes in.

use crate::{Priority, QueueConfig, QueueError};

/// The part of the whole that is kept for what somebody waits for: a tenth.
const RESERVE: usize = 10;

/// How much may be here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Admission {
    whole: usize,
    owner: usize,
}

/// How much is here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// By everybody, those that are delayed too.
    pub(crate) whole: usize,
    /// By the owner: what waits and what was handed out.
    pub(crate) owner: usize,
}

impl Admission {
    pub(crate) fn new(config: &QueueConfig) -> Self {
        Self {
            whole: config.max_waiting,
            owner: config.max_waiting_per_owner(),
        }
    }

    /// Whether `count` more of an owner's fit. An owner of whom nothing is here may bring what the whole has room for:
    /// otherwise a job that is larger than an owner's part would be refused for ever.
    pub(crate) fn admit(
        self,
        held: Held,
        priority: Priority,
        count: usize,
    ) -> Result<(), QueueError> {
        let whole = match priority {
            Priority::Interactive => self.whole,
            Priority::Batch => self.whole - self.whole / RESERVE,
        };
        let fits = held.whole.saturating_add(count) <= whole;
        let fair = held.owner == 0 || held.owner.saturating_add(count) <= self.owner;
        if fits && fair {
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
        let held = Held { whole, owner };
        Admission::new(&config).admit(held, priority, count).is_ok()
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
