//! When those come back for whom there was no place.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

/// How long a task stays away at least.
const SHORTEST: Duration = Duration::from_secs(1);
/// A task that comes for nothing costs history two transactions: ten a second cost next to nothing.
const PACE: Duration = Duration::from_millis(100);
/// The longest that a task stays away, however many there are.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// When those come back for whom there was no place: the more of an owner's there are, the later. Each owner's come as often
/// as another's, and all together ten times a second at most.
#[derive(Debug, Default)]
pub(super) struct Returns(HashMap<String, Vec<Instant>>);

impl Returns {
    /// How long another task of the owner's stays away.
    pub(super) fn plan(&mut self, owner: &str) -> Duration {
        let now = Instant::now();
        self.0.retain(|_, times| {
            times.retain(|time| *time > now);
            !times.is_empty()
        });
        let theirs = self.0.entry(owner.to_owned()).or_default().len() + 1;
        let rounds = u32::try_from(theirs * self.0.len()).unwrap_or(u32::MAX);
        let delay = PACE
            .saturating_mul(rounds)
            .saturating_add(SHORTEST)
            .min(LONGEST);
        self.0
            .entry(owner.to_owned())
            .or_default()
            .push(now + delay);
        delay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_more_of_an_owner_wait_the_later_they_come() {
        let mut returns = Returns::default();
        let eve: Vec<_> = (0..100).map(|_| returns.plan("eve")).collect();
        assert_eq!(eve[0], SHORTEST + PACE);
        assert_eq!(eve[99], SHORTEST + 100 * PACE);
        assert_eq!(returns.plan("bob"), SHORTEST + 2 * PACE);
    }

    #[tokio::test(start_paused = true)]
    async fn who_came_back_does_not_count() {
        let mut returns = Returns::default();
        let delay = returns.plan("eve");
        tokio::time::advance(delay).await;
        assert_eq!(returns.plan("eve"), delay);
    }
}
