//! How long to wait before trying again.

use std::time::Duration;

/// The longest pause after the first failure.
const FIRST: Duration = Duration::from_secs(1);
/// The longest pause of all.
const LONGEST: Duration = Duration::from_secs(30);

/// Pauses that grow from one failure to the next: exponential, with full jitter, so that workers that failed together do not
/// come back together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff(Duration);

impl Backoff {
    pub(crate) const fn new() -> Self {
        Self(FIRST)
    }

    /// The next pause.
    pub(crate) fn next(&mut self) -> Duration {
        let pause = self.sample();
        self.0 = (self.0 * 2).min(LONGEST);
        pause
    }

    /// A pause of the present length.
    pub(crate) fn sample(&self) -> Duration {
        rand::random_range(Duration::ZERO..=self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_half_a_minute() {
        let mut backoff = Backoff::new();
        let longest = [1, 2, 4, 8, 16, 30, 30].map(Duration::from_secs);
        for longest in longest {
            assert!(backoff.next() <= longest);
        }
        assert_eq!(backoff.0, LONGEST);
    }
}
