//! Whether workers could be heard of.

use jiff::{SignedDuration, Timestamp};

/// Since when workers could renew their leases here. A lease that ran out while history or its database was away, or this
/// machine slept, says nothing of who holds it.
#[derive(Debug)]
pub(super) struct Reach {
    since: Option<Timestamp>,
    looked: Timestamp,
    /// Longest time between two looks that is no break.
    longest: SignedDuration,
    lease: SignedDuration,
}

impl Reach {
    /// From `now` on, with looks about every `interval`.
    pub(super) fn new(now: Timestamp, interval: SignedDuration, lease: SignedDuration) -> Self {
        Self {
            since: Some(now),
            looked: now,
            longest: interval.saturating_add(lease / 2),
            lease,
        }
    }

    /// Whether whoever lives had the time of a lease to be heard of.
    pub(super) fn is_enough(&mut self, now: Timestamp) -> bool {
        if now.duration_since(self.looked) > self.longest {
            self.since = None;
        }
        self.looked = now;
        let since = *self.since.get_or_insert(now);
        now.duration_since(since) >= self.lease
    }

    /// The database was away.
    pub(super) fn lost(&mut self) {
        self.since = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(seconds: i64) -> Timestamp {
        START + SignedDuration::from_secs(seconds)
    }

    fn reach() -> Reach {
        let [interval, lease] = [5, 30].map(SignedDuration::from_secs);
        Reach::new(START, interval, lease)
    }

    /// When it is enough, looking every five seconds from `first`.
    fn enough(reach: &mut Reach, first: i64) -> i64 {
        let mut looks = (first..).step_by(5);
        looks
            .find(|look| reach.is_enough(after(*look)))
            .expect("some day")
    }

    #[test]
    fn who_begins_waits_as_long_as_a_lease() {
        assert_eq!(enough(&mut reach(), 0), 30);
    }

    #[test]
    fn after_an_outage_everybody_has_a_lease_of_time() {
        let mut reach = reach();
        assert_eq!(enough(&mut reach, 0), 30);
        reach.lost();
        reach.lost();
        assert_eq!(enough(&mut reach, 45), 75);
    }

    #[test]
    fn who_slept_knows_nothing_of_others() {
        let mut reach = reach();
        assert_eq!(enough(&mut reach, 0), 30);
        assert_eq!(enough(&mut reach, 3600), 3630);
    }
}
