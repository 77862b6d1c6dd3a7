//! Which key signs, which are listed, and when the next is due: all by the times that are written beside them.

use jiff::{SignedDuration, Timestamp};
use pupila_runtime::identity::VerificationKey;

use super::row::StoredKey;

/// How long before it signs a key is listed: twice as long as services may go on without asking for the keys.
pub(super) const LEAD: SignedDuration = SignedDuration::from_mins(10);
/// How long after the next one took over a key is listed: an hour, which is the longest that a token can be configured
/// to hold, and as long as replicas may disagree about the time and their keys.
const GRACE: SignedDuration = SignedDuration::from_mins(70);

/// The keys at some time, the oldest first.
#[derive(Default)]
pub(super) struct Ring {
    keys: Vec<StoredKey>,
    read_time: Option<Timestamp>,
}

impl Ring {
    /// Keys that were read, the oldest first.
    pub(super) fn new(keys: Vec<StoredKey>, read_time: Timestamp) -> Self {
        Self {
            keys,
            read_time: Some(read_time),
        }
    }

    /// When they were read.
    pub(super) fn read_time(&self) -> Option<Timestamp> {
        self.read_time
    }

    /// The key that signs: the newest whose time has come. The first signs in any case: on a replica whose clock is
    /// late its time may seem to come yet.
    pub(super) fn signer(&self, now: Timestamp) -> Option<&StoredKey> {
        let mut newest_first = self.keys.iter().rev();
        newest_first
            .find(|key| key.activate_time <= now)
            .or(self.keys.first())
    }

    /// The public halves of those that a valid token may be signed with.
    pub(super) fn listed(&self, now: Timestamp) -> Vec<VerificationKey> {
        let first = self.first_needed(now);
        let needed = self.keys.iter().filter(|key| Some(key.number) >= first);
        needed.map(|key| key.key.verification_key()).collect()
    }

    /// The number of the oldest key that is still needed.
    pub(super) fn first_needed(&self, now: Timestamp) -> Option<i64> {
        let mut newest_first = self.keys.iter().rev();
        newest_first
            .find(|key| key.activate_time + GRACE <= now)
            .or(self.keys.first())
            .map(|key| key.number)
    }

    /// The number of the next key and when it is to sign, where it is time to make it.
    pub(super) fn due(&self, now: Timestamp, rotation: SignedDuration) -> Option<(i64, Timestamp)> {
        let Some(newest) = self.keys.last() else {
            // Nobody waits for tokens of a key that is not there: the first signs at once.
            return Some((1, now));
        };
        let is_due = newest.activate_time + rotation <= now + LEAD;
        is_due.then_some((newest.number + 1, now + LEAD))
    }
}

#[cfg(test)]
mod tests {
    use pupila_runtime::identity::SigningKey;

    use super::*;

    const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    /// Keys that sign from these minutes on.
    fn ring(minutes: &[i64]) -> Ring {
        let keys = (1..).zip(minutes).map(|(number, minute)| {
            let document = SigningKey::generate().expect("randomness");
            StoredKey {
                number,
                key: SigningKey::from_pkcs8(number.to_string(), &document).expect("a key"),
                activate_time: at(*minute),
            }
        });
        Ring::new(keys.collect(), at(0))
    }

    fn listed(ring: &Ring, minute: i64) -> Vec<String> {
        ring.listed(at(minute))
            .into_iter()
            .map(|key| key.id)
            .collect()
    }

    #[test]
    fn the_first_key_signs_at_once() {
        assert_eq!(ring(&[]).due(at(5), MONTH), Some((1, at(5))));
        assert!(ring(&[]).signer(at(5)).is_none());
        // By a clock that is a minute late.
        assert_eq!(ring(&[5]).signer(at(4)).map(|key| key.number), Some(1));
    }

    #[test]
    fn the_next_key_is_listed_before_it_signs_and_the_old_one_after() {
        let month = MONTH.as_mins();
        let before = ring(&[0]);
        assert_eq!(before.due(at(month - 11), MONTH), None);
        assert_eq!(before.due(at(month - 10), MONTH), Some((2, at(month))));

        let ring = ring(&[0, month]);
        let signer = |minute| ring.signer(at(minute)).map(|key| key.number);
        assert_eq!(signer(month - 1), Some(1));
        assert_eq!(signer(month), Some(2));
        assert_eq!(listed(&ring, month - 10), ["1", "2"]);
        assert_eq!(listed(&ring, month + 69), ["1", "2"]);
        assert_eq!(listed(&ring, month + 70), ["2"]);
        assert_eq!(ring.due(at(month + 70), MONTH), None);
    }

    #[test]
    fn after_a_long_sleep_the_old_key_signs_until_the_new_one_is_known() {
        let asleep = ring(&[0]);
        let late = MONTH.as_mins() * 3;
        assert_eq!(asleep.due(at(late), MONTH), Some((2, at(late + 10))));
        assert_eq!(asleep.signer(at(late)).map(|key| key.number), Some(1));
        assert_eq!(listed(&asleep, late), ["1"]);
    }
}
