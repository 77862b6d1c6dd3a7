//! How long to wait before the next attempt.

use std::time::Duration;

/// Exponential backoff with full jitter: each attempt waits for a random part of twice the time before.
/// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// At most this long after the first attempt.
    pub base: Duration,
    /// At most this long after any.
    pub cap: Duration,
}

impl Backoff {
    /// How long to wait after `attempts` attempts, from 1. `roll` is random, 0..1.
    #[must_use]
    pub fn delay(&self, attempts: u32, roll: f64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let most = self.base.saturating_mul(1 << doublings).min(self.cap);
        most.mul_f64(roll.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff {
        base: Duration::from_secs(1),
        cap: Duration::from_secs(300),
    };

    #[test]
    fn each_attempt_waits_for_up_to_twice_as_long_and_none_for_ever() {
        let longest = |attempts| BACKOFF.delay(attempts, 1.0).as_secs();
        let waits: Vec<_> = (1..=10).map(longest).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert_eq!(longest(u32::MAX), 300);
    }

    #[test]
    fn who_failed_together_does_not_come_back_together() {
        assert_eq!(BACKOFF.delay(3, 0.0), Duration::ZERO);
        assert_eq!(BACKOFF.delay(3, 0.5), Duration::from_secs(2));
    }
}
