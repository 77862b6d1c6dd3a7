//! What came of the tasks that were taken at once.

use std::time::Duration;

/// How long nothing is taken for each task that was given back untried: ten a second cost history next to nothing, and what
/// needs other services does not wait long behind them.
const PER_REFUSAL: Duration = Duration::from_millis(100);

/// What came of the tasks that were taken at once.
#[derive(Debug, Default)]
pub(super) struct Tally {
    begun: u32,
    refused: u32,
    /// The shortest time for which there is no sense in some of them.
    shortest: Option<Duration>,
}

impl Tally {
    /// An attempt at one of them began.
    pub(super) fn begun(&mut self) {
        self.begun += 1;
    }

    /// For so long there is no sense in one of them.
    pub(super) fn refused(&mut self, delay: Duration) {
        self.refused += 1;
        self.shortest = Some(self.shortest.map_or(delay, |least| least.min(delay)));
    }

    /// How long to take nothing, where there was no sense in most of them: those that wait behind them are alike. The more
    /// were refused the longer, but no longer than there is no sense in any.
    pub(super) fn pause(&self) -> Option<Duration> {
        let shortest = self.shortest.filter(|_| self.refused > self.begun)?;
        Some(shortest.min(PER_REFUSAL * self.refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(30);

    fn tally(begun: u32, refused: &[Duration]) -> Tally {
        let mut tally = Tally::default();
        (0..begun).for_each(|_| tally.begun());
        refused.iter().for_each(|delay| tally.refused(*delay));
        tally
    }

    #[test]
    fn as_long_as_most_can_be_tried_nothing_waits() {
        assert_eq!(tally(0, &[]).pause(), None);
        assert_eq!(tally(2, &[LONG; 2]).pause(), None);
    }

    #[test]
    fn the_more_were_refused_the_longer_is_the_pause() {
        assert_eq!(tally(0, &[LONG]).pause(), Some(PER_REFUSAL));
        assert_eq!(tally(1, &[LONG; 3]).pause(), Some(3 * PER_REFUSAL));
        assert_eq!(tally(1, &[LONG; 255]).pause(), Some(255 * PER_REFUSAL));
    }

    #[test]
    fn nobody_waits_after_a_service_may_be_back() {
        let soon = Duration::from_millis(7);
        assert_eq!(tally(0, &[LONG, soon, LONG]).pause(), Some(soon));
    }
}
