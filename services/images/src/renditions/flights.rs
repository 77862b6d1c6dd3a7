//! Work that several callers ask for at the same time and that is done once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use pupila_storage::StorageKey;
use tracing::Instrument as _;

use crate::{ImagesError, pool::PoolError};

type Flight = Shared<BoxFuture<'static, Result<Made, Arc<ImagesError>>>>;

/// What came of making an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Made {
    /// It is in the store, under its name.
    Kept,
    /// It is not kept. The bytes hold their share of the memory.
    Unkept(Bytes),
}

/// The objects that are being made now. Its clones share them.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<StorageKey, Flight>>>);

impl Flights {
    /// Makes the object of that name, or waits with those who asked for it before. The work goes on when nobody waits
    /// any more: whoever asks again finds it done.
    pub(super) async fn join<F>(
        &self,
        key: StorageKey,
        work: impl FnOnce() -> F,
    ) -> Result<Made, Arc<ImagesError>>
    where
        F: Future<Output = Result<Made, ImagesError>> + Send + 'static,
    {
        let flight = {
            let mut flights = self.flights();
            match flights.get(&key) {
                Some(flight) => flight.clone(),
                None => {
                    let landing = Landing(self.clone(), key.clone());
                    let flight = take_off(work(), landing);
                    flights.insert(key, flight.clone());
                    flight
                }
            }
        };
        flight.await
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<StorageKey, Flight>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take_off<F>(work: F, landing: Landing) -> Flight
where
    F: Future<Output = Result<Made, ImagesError>> + Send + 'static,
{
    let task = async move {
        let _landing = landing;
        work.await
    };
    let task = tokio::spawn(task.in_current_span());
    let result = async move {
        let result = task.await;
        let result = result.unwrap_or_else(|error| Err(PoolError::Panicked(error).into()));
        result.map_err(Arc::new)
    };
    result.boxed().shared()
}

/// Ends a flight, however its work ends.
struct Landing(Flights, StorageKey);

impl Drop for Landing {
    fn drop(&mut self) {
        self.0.flights().remove(&self.1);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;

    fn key() -> StorageKey {
        StorageKey::new("a").expect("a key")
    }

    #[tokio::test]
    async fn who_asks_at_the_same_time_gets_the_same() {
        let flights = Flights::default();
        let (begun, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let ask = || {
            let (begun, go) = (begun.clone(), go.clone());
            flights.join(key(), move || async move {
                begun.fetch_add(1, Ordering::Relaxed);
                go.notified().await;
                Ok(Made::Unkept(Bytes::from_static(b"made")))
            })
        };
        let (first, second, ()) = tokio::join!(ask(), ask(), async { go.notify_one() });
        assert_eq!(first.expect("made"), second.expect("made"));
        assert_eq!(begun.load(Ordering::Relaxed), 1);
        assert!(flights.flights().is_empty());
    }

    #[tokio::test]
    async fn work_that_panics_is_forgotten() {
        let flights = Flights::default();
        let failed = flights.join(key(), || async { panic!("on purpose") }).await;
        assert!(failed.is_err());
        let made = flights.join(key(), || async { Ok(Made::Kept) }).await;
        assert!(made.is_ok());
    }

    #[tokio::test]
    async fn work_goes_on_when_nobody_waits() {
        let flights = Flights::default();
        let (go, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (going, ending) = (go.clone(), done.clone());
        let mut asking = Box::pin(flights.join(key(), move || async move {
            going.notified().await;
            ending.notify_one();
            Ok(Made::Kept)
        }));
        assert!(futures_util::poll!(&mut asking).is_pending());
        drop(asking);
        go.notify_one();
        done.notified().await;
    }
}
