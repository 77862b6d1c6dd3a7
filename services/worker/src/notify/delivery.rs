//! How an attempt to tell somebody went, and what becomes of it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use pupila_core::ErrorCode;

use crate::{Outcome, Service};

/// The shortest wait before another attempt.
const SHORTEST: Duration = Duration::from_secs(5);
/// The longest wait before another attempt, whatever the other side asks for.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Why somebody was not told. The texts name the other side by its domain and nothing else: they are logged and kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotDelivered {
    /// The other side says that the route leads nowhere for good.
    #[error("{0} says that nobody is there any more")]
    Gone(String),
    /// It will not be taken however often it is tried.
    #[error("{0}")]
    Refused(String),
    /// Another attempt may work.
    #[error("{what}")]
    Later {
        /// What is in the way.
        what: String,
        /// How long the other side asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The operator's own mail server is there, and will not take this letter however often it is tried.
    #[error("{0}")]
    ServerRefused(String),
    /// The operator's own mail server does not answer: no e-mail can be sent.
    #[error("the mail server is away: {0}")]
    ServerAway(String),
}

impl NotDelivered {
    /// Another attempt may work.
    pub(crate) fn later(what: impl Into<String>) -> Self {
        Self::Later {
            what: what.into(),
            retry_after: None,
        }
    }

    /// What a delivery that was not made is counted as.
    pub(crate) const fn counted(&self) -> &'static str {
        match self {
            Self::Gone(_) => "gone",
            Self::Refused(_) | Self::ServerRefused(_) => "refused",
            Self::Later { .. } | Self::ServerAway(_) => "postponed",
        }
    }
}

/// For how long deliveries are tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// After this long it is no news any more.
    pub(crate) give_up: SignedDuration,
}

impl Patience {
    /// What becomes of the delivery of a job that ended at `end`.
    pub(crate) fn outcome(self, error: NotDelivered, end: Timestamp, now: Timestamp) -> Outcome {
        match error {
            // Whoever drops the route has done so.
            NotDelivered::Gone(_) => Outcome::done(),
            // It was accounts that told where.
            NotDelivered::Refused(what) => refused(Service::Accounts, what),
            NotDelivered::ServerRefused(what) => refused(Service::Smtp, what),
            error if self.ended(end, now) => given_up(error.to_string()),
            NotDelivered::ServerAway(_) => Outcome::Parked {
                service: Service::Smtp,
                retry_after: None,
            },
            NotDelivered::Later { retry_after, .. } => Outcome::Postponed {
                delay: delay(retry_after, now.duration_since(end)),
            },
        }
    }

    /// What becomes of a delivery that is not tried, because who it needs is away or others have their turn: nothing, as long
    /// as it can wait.
    pub(crate) fn untried(self, end: Timestamp, now: Timestamp) -> Option<Outcome> {
        let what = "at the last it was not even tried";
        self.ended(end, now).then(|| given_up(what.to_owned()))
    }

    fn ended(self, end: Timestamp, now: Timestamp) -> bool {
        now.duration_since(end) > self.give_up
    }
}

fn refused(answered: Service, what: String) -> Outcome {
    Outcome::refused_after(answered, ErrorCode::Unprocessable, "DELIVERY_REFUSED", what)
}

fn given_up(what: String) -> Outcome {
    Outcome::refused(ErrorCode::Unavailable, "DELIVERY_GIVEN_UP", what)
}

/// As long as the other side asks for, and at least as long again as it has been tried: so the waits double without
/// anything to remember.
fn delay(retry_after: Option<Duration>, age: SignedDuration) -> Duration {
    let age = Duration::try_from(age).unwrap_or_default();
    retry_after
        .unwrap_or_default()
        .max(age)
        .clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Timestamp = Timestamp::UNIX_EPOCH;
    const PATIENCE: Patience = Patience {
        give_up: SignedDuration::from_hours(24),
    };

    fn waits(retry_after: Option<u64>, age: i64) -> u64 {
        let error = NotDelivered::Later {
            what: String::new(),
            retry_after: retry_after.map(Duration::from_secs),
        };
        match PATIENCE.outcome(error, END, END + SignedDuration::from_secs(age)) {
            Outcome::Postponed { delay } => delay.as_secs(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_wait_is_as_long_as_all_before() {
        let mut age = 0;
        let waited: Vec<_> = std::iter::from_fn(|| {
            let wait = waits(None, age);
            age += i64::try_from(wait).expect("small");
            (age < 24 * 3600).then_some(wait)
        })
        .collect();
        assert_eq!(waited[..6], [5, 5, 10, 20, 40, 80]);
        assert_eq!(waited.last(), Some(&3600));
    }

    #[test]
    fn what_the_other_side_asks_for_is_honoured_within_bounds() {
        assert_eq!(waits(Some(120), 7), 120);
        assert_eq!(waits(Some(0), 0), 5);
        assert_eq!(waits(Some(1_000_000), 0), 3600);
    }

    #[test]
    fn a_clock_that_runs_behind_does_no_harm() {
        assert_eq!(waits(None, -30), 5);
    }

    fn is_given_up(outcome: &Outcome) -> bool {
        matches!(outcome, Outcome::Failed { retryable: false, failure, .. } if failure.reason == "DELIVERY_GIVEN_UP")
    }

    #[test]
    fn what_is_not_tried_is_given_up_after_a_day_too() {
        let after = |hours| PATIENCE.untried(END, END + SignedDuration::from_hours(hours));
        assert_eq!(after(24), None);
        let outcome = after(25).expect("it is over");
        assert!(is_given_up(&outcome), "{outcome:?}");
    }

    #[test]
    fn after_a_day_it_is_no_news() {
        let now = END + SignedDuration::from_hours(25);
        for error in [
            NotDelivered::later("hooks.example.org answered 500"),
            NotDelivered::ServerAway("refused".to_owned()),
        ] {
            let outcome = PATIENCE.outcome(error, END, now);
            assert!(is_given_up(&outcome), "{outcome:?}");
        }
    }
}
