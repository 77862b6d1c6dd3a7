//! How many bytes of files this process holds at once, so that a thousand clients cannot exhaust its memory.

use std::sync::Arc;

use bytes::Bytes;
use pupila_core::{ErrorCode, Fault};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one permit stands for, in bytes.
const UNIT: u64 = 64 << 10;

/// How many bytes of files this process holds at once. Its clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Semaphore>);

/// What a file holds of the budget, until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Share(Option<OwnedSemaphorePermit>);

/// Other files have used it up.
#[derive(Debug, thiserror::Error)]
#[error("too many images are being worked on; try again later")]
pub(crate) struct BudgetSpent;

impl Share {
    /// The bytes, which hold the share until the last piece of them is dropped.
    pub(crate) fn hold(self, bytes: Bytes) -> Bytes {
        Bytes::from_owner(Held {
            bytes,
            _share: self,
        })
    }
}

struct Held {
    bytes: Bytes,
    _share: Share,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Budget {
    pub(crate) fn new(bytes: u64) -> Self {
        let units = usize::try_from(bytes.div_ceil(UNIT)).unwrap_or(usize::MAX);
        Self(Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS))))
    }

    /// A share of that many bytes.
    pub(crate) fn take(&self, bytes: u64) -> Result<Share, BudgetSpent> {
        let mut share = Share::default();
        self.grow(&mut share, bytes)?;
        Ok(share)
    }

    /// Makes a share as large as that many bytes, unless it is larger.
    pub(crate) fn grow(&self, share: &mut Share, bytes: u64) -> Result<(), BudgetSpent> {
        let held = share.0.as_ref().map_or(0, |held| held.num_permits() as u64);
        let wanted = bytes.div_ceil(UNIT).saturating_sub(held);
        if wanted == 0 {
            return Ok(());
        }
        let wanted = u32::try_from(wanted).map_err(|_| BudgetSpent)?;
        let more = Arc::clone(&self.0)
            .try_acquire_many_owned(wanted)
            .map_err(|_| BudgetSpent)?;
        match &mut share.0 {
            Some(held) => held.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }
}

impl Share {
    /// Gives back what is above that many bytes.
    pub(crate) fn shrink(&mut self, bytes: u64) {
        let needed = usize::try_from(bytes.div_ceil(UNIT)).unwrap_or(usize::MAX);
        if let Some(held) = &mut self.0 {
            let excess = held.num_permits().saturating_sub(needed);
            drop(held.split(excess));
        }
    }
}

impl Fault for BudgetSpent {
    fn code(&self) -> ErrorCode {
        ErrorCode::ResourceExhausted
    }

    fn reason(&self) -> &'static str {
        "TOO_MANY_UPLOADS"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_given_back() {
        let budget = Budget::new(2 * UNIT);
        let mut first = budget.take(1).expect("room");
        budget.grow(&mut first, UNIT + 1).expect("room");
        assert!(budget.take(1).is_err());
        drop(first);
        budget.take(2 * UNIT).expect("room again");
        assert!(budget.take(u64::MAX).is_err());
    }

    #[test]
    fn bytes_hold_their_share_until_the_last_piece_goes() {
        let budget = Budget::new(UNIT);
        let share = budget.take(UNIT).expect("room");
        let mut bytes = share.hold(Bytes::from_static(b"abc"));
        let piece = bytes.split_to(1);
        drop(bytes);
        assert!(budget.take(1).is_err());
        assert_eq!(piece, "a");
        drop(piece);
        budget.take(1).expect("room again");
    }

    #[test]
    fn a_share_gives_back_what_it_does_not_need() {
        let budget = Budget::new(4 * UNIT);
        let mut share = budget.take(4 * UNIT).expect("room");
        share.shrink(UNIT + 1);
        assert!(budget.take(3 * UNIT).is_err());
        budget.take(2 * UNIT).expect("room");
        share.shrink(4 * UNIT);
        budget.take(2 * UNIT).expect("it did not grow");
    }
}
