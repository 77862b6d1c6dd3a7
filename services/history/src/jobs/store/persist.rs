//! Trying again what was undone because others held what it needed.

use std::time::Duration;

use crate::jobs::{Backoff, JobError};

/// How often a transaction is tried.
const TRIES: u32 = 5;
/// Between two tries: those who were in each other's way must not meet again.
const PAUSE: Backoff = Backoff {
    base: Duration::from_millis(20),
    cap: Duration::from_millis(500),
};

/// Tries until it works, until it fails for a reason that does not pass at once, or often enough.
pub(super) async fn persist<R, F: Future<Output = Result<R, JobError>>>(
    passes: impl Fn(&JobError) -> bool,
    attempt: impl Fn() -> F,
) -> Result<R, JobError> {
    let mut tries = 1;
    loop {
        match attempt().await {
            Err(error) if passes(&error) && tries < TRIES => {
                tokio::time::sleep(PAUSE.delay(tries, rand::random())).await;
                tries += 1;
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::time::Instant;

    use super::*;

    /// How often and for how long something is tried that fails so often.
    async fn tried(failures: u32, passes: bool) -> (Result<(), JobError>, u32, Duration) {
        let (tries, begin) = (Cell::new(0), Instant::now());
        let attempt = || async {
            tries.set(tries.get() + 1);
            match tries.get() <= failures {
                true => Err(JobError::Stopping),
                false => Ok(()),
            }
        };
        let done = persist(|_| passes, attempt).await;
        (done, tries.get(), begin.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_in_anothers_way_waits_a_little() {
        let (done, tries, waited) = tried(4, true).await;
        assert!(done.is_ok());
        assert_eq!(tries, 5);
        assert!(
            waited > Duration::ZERO && waited < Duration::from_secs(1),
            "{waited:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_always_in_the_way_is_told() {
        let (done, tries, _) = tried(u32::MAX, true).await;
        assert!(done.is_err());
        assert_eq!(tries, 5);
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_pass_is_told_at_once() {
        let (done, tries, waited) = tried(1, false).await;
        assert!(done.is_err());
        assert_eq!((tries, waited), (1, Duration::ZERO));
    }
}
