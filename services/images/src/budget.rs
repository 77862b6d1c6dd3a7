//! How many bytes of files this process holds at once, so that a thousand clients cannot exhaust its memory.

use std::sync::Arc;

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
        let all = budget.take(2 * UNIT).expect("room again");
        assert!(budget.take(u64::MAX).is_err());
        drop(all);
    }
}
