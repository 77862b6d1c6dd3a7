//! How many tasks of a kind are worked on at once.

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::Outcome;

/// How long a task waits for which there is no place.
const MOMENT: Duration = Duration::from_secs(2);

/// How many tasks of a kind are worked on at once, so that others have their turn too.
#[derive(Debug)]
pub(super) struct Places(Semaphore);

impl Places {
    pub(super) fn new(most: usize) -> Self {
        Self(Semaphore::new(most))
    }

    /// Makes the attempt, or gives the task back for a moment where all places are taken: it would hold one of the worker's
    /// while it waits here.
    pub(super) async fn attempt(&self, attempt: impl Future<Output = Outcome>) -> Outcome {
        let Ok(_place) = self.0.try_acquire() else {
            return Outcome::Postponed { delay: MOMENT };
        };
        attempt.await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_comes_back_later() {
        let places = Places::new(1);
        let mut first = Box::pin(places.attempt(std::future::pending()));
        assert!((&mut first).now_or_never().is_none());
        let second = places.attempt(async { Outcome::done() }).await;
        assert_eq!(second, Outcome::Postponed { delay: MOMENT });
        drop(first);
        let third = places.attempt(async { Outcome::done() }).await;
        assert_eq!(third, Outcome::done());
    }
}
