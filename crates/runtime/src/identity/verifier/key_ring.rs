//! The public keys, asked for again when they are old, but never by many at once.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use jsonwebtoken::DecodingKey;
use tokio::sync::{Mutex, MutexGuard};

use crate::identity::{AccessError, KeySource};

/// How old the keys may get: a key that was taken back is trusted this long at most while the source is there.
const MAX_AGE: Duration = Duration::from_secs(300);
/// How often at most the source is asked by those who have keys: anyone can make up key ids, and a source that hangs
/// need not be asked by everybody.
const MIN_AGE: Duration = Duration::from_secs(5);

/// Knows the keys of a source.
pub(super) struct KeyRing {
    source: Box<dyn KeySource>,
    keys: RwLock<Option<Keys>>,
    /// The last attempt to get them. Held by the one who makes it.
    attempt: Mutex<Option<Attempt>>,
    /// How many attempts came to their end.
    ended: AtomicU64,
}

/// Keys as they were at one time.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) by_id: Arc<HashMap<String, DecodingKey>>,
    pub(super) fetched: Timestamp,
}

#[derive(Clone, Copy)]
struct Attempt {
    began: Timestamp,
    failed: bool,
}

/// Somebody else asked for the keys; the cause was told to them.
#[derive(Debug, thiserror::Error)]
#[error("the keys could not be had a moment ago")]
struct JustFailed;

impl KeyRing {
    pub(super) fn new(source: impl KeySource + 'static) -> Self {
        Self {
            source: Box::new(source),
            keys: RwLock::default(),
            attempt: Mutex::default(),
            ended: AtomicU64::default(),
        }
    }

    /// The keys. Old ones are asked for again by one caller at a time, and are better than none while the source is away.
    ///
    /// # Errors
    /// There were never any.
    pub(super) async fn fresh(&self, now: Timestamp) -> Result<Keys, AccessError> {
        let Some(keys) = self.current() else {
            return self.shared(now, Duration::ZERO).await;
        };
        if is_within(keys.fetched, now, MAX_AGE) {
            return Ok(keys);
        }
        match self.attempt.try_lock() {
            Ok(attempt) if !is_recent(*attempt, now, MIN_AGE) => {
                Ok(self.ask(attempt, now).await.unwrap_or(keys))
            }
            _ => Ok(keys),
        }
    }

    /// The keys as they are at the source, but for the last moment.
    ///
    /// # Errors
    /// The source is away.
    pub(super) async fn newest(&self, now: Timestamp) -> Result<Keys, AccessError> {
        self.shared(now, MIN_AGE).await
    }

    fn current(&self) -> Option<Keys> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.clone()
    }

    /// What comes of the attempt that is being made, or of the last one if it began within `pause`, or else of one of
    /// our own.
    async fn shared(&self, now: Timestamp, pause: Duration) -> Result<Keys, AccessError> {
        let before = self.ended.load(Ordering::Acquire);
        let attempt = self.attempt.lock().await;
        let is_shared = self.ended.load(Ordering::Acquire) != before;
        if !is_shared && !is_recent(*attempt, now, pause) {
            return self.ask(attempt, now).await;
        }
        match self.current() {
            Some(keys) if attempt.is_some_and(|attempt| !attempt.failed) => Ok(keys),
            _ => Err(AccessError::Keys(Box::new(JustFailed))),
        }
    }

    async fn ask(
        &self,
        mut attempt: MutexGuard<'_, Option<Attempt>>,
        now: Timestamp,
    ) -> Result<Keys, AccessError> {
        // It counts as failed until it is not: whoever asks may be gone before the answer.
        let unanswered = Attempt {
            began: now,
            failed: true,
        };
        *attempt = Some(unanswered);
        let answer = self.source.keys().await;
        self.ended.fetch_add(1, Ordering::Release);
        let keys = answer.map_err(AccessError::Keys)?.into_iter();
        let by_id = keys.map(|key| (key.id, DecodingKey::from_ed_der(&key.public_key)));
        let keys = Keys {
            by_id: Arc::new(by_id.collect()),
            fetched: now,
        };
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(keys.clone());
        *attempt = Some(Attempt {
            failed: false,
            ..unanswered
        });
        Ok(keys)
    }
}

fn is_recent(attempt: Option<Attempt>, now: Timestamp, pause: Duration) -> bool {
    attempt.is_some_and(|attempt| is_within(attempt.began, now, pause))
}

fn is_within(time: Timestamp, now: Timestamp, age: Duration) -> bool {
    let passed = now.as_microsecond() - time.as_microsecond();
    i128::from(passed) < age.as_micros().cast_signed()
}

#[cfg(test)]
mod tests;
