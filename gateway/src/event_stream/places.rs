//! How many streams are open, and until when.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use pupila_core::UserId;
use tokio_util::sync::CancellationToken;

use crate::error::RequestError;

/// The open streams of this process. Its clones share them.
#[derive(Clone)]
pub(crate) struct OpenStreams(Arc<Inner>);

struct Inner {
    counts: Mutex<HashMap<UserId, usize>>,
    limit: usize,
    stop: CancellationToken,
}

/// A user's place for one stream, until it is dropped.
pub(crate) struct Place {
    streams: OpenStreams,
    user: UserId,
}

impl OpenStreams {
    /// Each user may have `limit` of them; all end at `stop`.
    pub(crate) fn new(limit: usize, stop: CancellationToken) -> Self {
        Self(Arc::new(Inner {
            counts: Mutex::default(),
            limit,
            stop,
        }))
    }

    /// A place for one more.
    ///
    /// # Errors
    /// The user has as many as they may.
    pub(super) fn open(&self, user: UserId) -> Result<Place, RequestError> {
        let limit = self.0.limit;
        let mut counts = self.counts();
        let count = counts.entry(user).or_default();
        if *count >= limit {
            return Err(RequestError::TooManyStreams { limit });
        }
        *count += 1;
        drop(counts);
        metrics::gauge!("pupila_event_streams").increment(1.0);
        Ok(Place {
            streams: self.clone(),
            user,
        })
    }

    /// When the process stops.
    pub(super) fn stop(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<UserId, usize>> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.streams.counts();
        if let Some(count) = counts.get_mut(&self.user) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.user);
            }
        }
        drop(counts);
        metrics::gauge!("pupila_event_streams").decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_stream_is_dropped() {
        let streams = OpenStreams::new(2, CancellationToken::new());
        let ana = UserId::from_uuid(Uuid::from_u128(1));
        let first = streams.open(ana).expect("a place");
        let _second = streams.open(ana).expect("a place");
        assert!(streams.open(ana).is_err());
        let _other = streams.open(UserId::LOCAL).expect("a place of their own");
        drop(first);
        let third = streams.open(ana).expect("a place again");
        drop((third, _second, _other));
        assert!(streams.counts().is_empty());
    }
}
