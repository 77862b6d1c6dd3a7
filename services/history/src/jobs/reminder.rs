//! When a task that waits is offered once more, although the queue lost nothing as far as is known.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Sleeper, task::REMINDER};

/// Nobody waits longer for a reminder.
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// By how much of itself a wait is lengthened at most, so that what waits together is not offered together for ever.
const JITTER: f64 = 0.25;

/// Tasks by when they are offered again after `now`: each reminder waits about as long as the task has been due, which is
/// twice as long as the one before. `roll` is random, 0..1.
pub(crate) fn plan(
    sleepers: &[Sleeper],
    now: Timestamp,
    roll: f64,
) -> Vec<(Timestamp, Vec<Sleeper>)> {
    let mut by_wait = BTreeMap::<_, Vec<_>>::new();
    for sleeper in sleepers {
        let wait = wait(now.duration_since(sleeper.due));
        by_wait.entry(wait).or_default().push(*sleeper);
    }
    by_wait
        .into_iter()
        .map(|(wait, sleepers)| (now + wait.mul_f64(1.0 + JITTER * roll), sleepers))
        .collect()
}

/// How long to wait after having waited. In few steps, so that many tasks share one.
fn wait(waited: SignedDuration) -> SignedDuration {
    let mut wait = REMINDER;
    while wait < LONGEST && wait * 2 <= waited {
        wait *= 2;
    }
    wait.min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reminder_waits_twice_as_long_and_none_for_ever() {
        let mut waited = REMINDER;
        let mut waits = Vec::new();
        for _ in 0..9 {
            waits.push(wait(waited).as_secs());
            waited += wait(waited);
        }
        assert_eq!(waits, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
    }
}
