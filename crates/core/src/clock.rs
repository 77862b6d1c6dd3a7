//! Time as an argument: domain code asks a [`Clock`], so that tests can turn its hands.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, cut to whole microseconds: the precision that the databases keep.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        whole_microseconds(Timestamp::now())
    }
}

/// A clock for tests, which stands still until it is told to move.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(whole_microseconds(now)))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: SignedDuration) {
        *self.hands() += by;
    }

    fn hands(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.hands()
    }
}

fn whole_microseconds(time: Timestamp) -> Timestamp {
    // A timestamp cut to a coarser unit stays in range.
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}
