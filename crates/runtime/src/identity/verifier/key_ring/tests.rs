use std::sync::atomic::AtomicUsize;

use async_trait::async_trait;
use tokio::{sync::watch, time::Instant};

use super::*;
use crate::identity::VerificationKey;

/// How long a source that hangs keeps its callers.
const HANG: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy)]
enum Mood {
    Answers,
    Fails,
    Hangs,
}

/// Where keys come from, as the test wants it.
#[derive(Clone)]
struct Office {
    mood: watch::Sender<Mood>,
    asked: Arc<AtomicUsize>,
}

#[async_trait]
impl KeySource for Office {
    async fn keys(&self) -> Result<Vec<VerificationKey>, Box<dyn std::error::Error + Send + Sync>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mood = *self.mood.borrow();
        match mood {
            Mood::Answers => Ok(Vec::new()),
            Mood::Fails => Err("closed".into()),
            Mood::Hangs => {
                tokio::time::timeout(HANG, std::future::pending()).await?;
                Ok(Vec::new())
            }
        }
    }
}

struct Ring {
    ring: Arc<KeyRing>,
    office: Office,
}

impl Ring {
    fn of(mood: Mood) -> Self {
        let office = Office {
            mood: watch::Sender::new(mood),
            asked: Arc::default(),
        };
        let ring = Arc::new(KeyRing::new(office.clone()));
        Self { ring, office }
    }

    fn asked(&self) -> usize {
        self.office.asked.load(Ordering::Relaxed)
    }

    /// How many of a hundred who come at once get keys, and how long the slowest and all but one of them wait.
    async fn crowd(&self, now: Timestamp) -> (usize, Duration, Duration) {
        let start = Instant::now();
        let callers: Vec<_> = (0..100)
            .map(|_| {
                let ring = Arc::clone(&self.ring);
                tokio::spawn(async move { (ring.fresh(now).await.is_ok(), start.elapsed()) })
            })
            .collect();
        let mut served = 0;
        let mut waits = Vec::new();
        for caller in callers {
            let (has_keys, waited) = caller.await.expect("no panic");
            served += usize::from(has_keys);
            waits.push(waited);
        }
        waits.sort();
        (served, waits[99], waits[98])
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

#[tokio::test]
async fn young_keys_are_not_asked_for_again() {
    let ring = Ring::of(Mood::Answers);
    for second in [0, 1, 299] {
        let keys = ring.ring.fresh(at(second)).await.expect("keys");
        assert_eq!((keys.fetched, ring.asked()), (at(0), 1));
    }
    let keys = ring.ring.fresh(at(300)).await.expect("keys");
    assert_eq!((keys.fetched, ring.asked()), (at(300), 2));
}

#[tokio::test(start_paused = true)]
async fn with_old_keys_in_hand_one_asks_and_the_others_go_on() {
    let ring = Ring::of(Mood::Answers);
    ring.ring.fresh(at(0)).await.expect("keys");
    ring.office.mood.send_replace(Mood::Hangs);
    assert_eq!(ring.crowd(at(300)).await, (100, HANG, Duration::ZERO));
    assert_eq!(ring.asked(), 2);
    // Nobody asks again so soon.
    let none = (100, Duration::ZERO, Duration::ZERO);
    assert_eq!(ring.crowd(at(304)).await, none);
    assert_eq!(ring.asked(), 2);
    ring.office.mood.send_replace(Mood::Answers);
    assert_eq!(ring.crowd(at(305)).await, none);
    assert_eq!(ring.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn without_keys_those_who_wait_share_one_attempt() {
    let ring = Ring::of(Mood::Hangs);
    assert_eq!(ring.crowd(at(0)).await, (0, HANG, HANG));
    assert_eq!(ring.asked(), 1);
    // Who comes later tries anew: a source that is back is used at once.
    ring.office.mood.send_replace(Mood::Answers);
    ring.ring.fresh(at(0)).await.expect("keys");
    assert_eq!(ring.asked(), 2);
}

#[tokio::test]
async fn unknown_keys_are_asked_for_every_few_seconds_only() {
    let ring = Ring::of(Mood::Answers);
    ring.ring.fresh(at(0)).await.expect("keys");
    ring.ring.newest(at(4)).await.expect("those of before");
    assert_eq!(ring.asked(), 1);
    ring.office.mood.send_replace(Mood::Fails);
    for second in [5, 9] {
        // What cannot be verified now is not called invalid.
        let answer = ring.ring.newest(at(second)).await;
        assert!(matches!(answer, Err(AccessError::Keys(_))), "{second}");
        assert_eq!(ring.asked(), 2);
    }
    assert!(ring.ring.fresh(at(9)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_nobody_waits_for_any_more_hinders_no_other() {
    let ring = Ring::of(Mood::Hangs);
    let given_up = tokio::time::timeout(HANG / 2, ring.ring.fresh(at(0))).await;
    assert!(given_up.is_err());
    ring.office.mood.send_replace(Mood::Answers);
    ring.ring.fresh(at(0)).await.expect("keys");
}
