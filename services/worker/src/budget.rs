//! How many bytes of images this process holds at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one permit stands for, in bytes.
const UNIT: u64 = 64 << 10;

/// How many bytes of images this process holds at once. Its clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    units: Arc<Semaphore>,
    size: u32,
}

/// What an image holds of the budget, until it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Budget {
    pub(crate) fn new(bytes: u64) -> Self {
        let units = usize::try_from(bytes.div_ceil(UNIT)).unwrap_or(usize::MAX);
        let size = u32::try_from(units.min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        Self {
            units: Arc::new(Semaphore::new(size as usize)),
            size,
        }
    }

    /// A share of that many bytes, if there is one now and nobody waits for it.
    pub(crate) fn try_take(&self, bytes: u64) -> Option<Share> {
        let permit = Arc::clone(&self.units).try_acquire_many_owned(self.units_of(bytes));
        permit.ok().map(|permit| Share {
            _permit: Some(permit),
        })
    }

    /// A share of that many bytes, as soon as there is one; all there is for more, which the configuration sees to that nobody
    /// needs. Whoever holds a share and waits for another may wait for themselves: nobody does.
    pub(crate) async fn take(&self, bytes: u64) -> Share {
        let permit = Arc::clone(&self.units).acquire_many_owned(self.units_of(bytes));
        // Fails only on a closed semaphore, and this one is never closed.
        Share {
            _permit: permit.await.ok(),
        }
    }

    fn units_of(&self, bytes: u64) -> u32 {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX);
        units.min(self.size)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn who_finds_no_room_waits_for_it() {
        let budget = Budget::new(2 * UNIT);
        let first = budget.take(UNIT + 1).await;
        let mut second = Box::pin(budget.take(1));
        assert!((&mut second).now_or_never().is_none());
        drop(first);
        second.await;
    }

    #[tokio::test]
    async fn nobody_overtakes_who_waits() {
        let budget = Budget::new(2 * UNIT);
        let first = budget.try_take(UNIT).expect("room");
        let mut large = Box::pin(budget.take(2 * UNIT));
        assert!((&mut large).now_or_never().is_none());
        assert!(budget.try_take(UNIT).is_none());
        drop(first);
        drop(large.await);
        assert!(budget.try_take(2 * UNIT).is_some());
    }

    #[tokio::test]
    async fn what_is_larger_than_all_waits_for_all() {
        let budget = Budget::new(UNIT);
        let all = budget.take(u64::MAX).await;
        assert!(budget.take(1).now_or_never().is_none());
        drop(all);
        budget.take(1).await;
    }
}
