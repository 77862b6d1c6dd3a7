//! How many bytes of files this process holds at once, so that a thousand clients cannot exhaust its memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use bytes::Bytes;
use pupila_core::{ErrorCode, Fault, UserId};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

/// What one permit stands for, in bytes.
const UNIT: u64 = 64 << 10;

/// How many bytes of files this process holds at once. Its clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    whole: Arc<Semaphore>,
    /// Where what is taken is an owner's: the part that this owner may hold.
    owner: Option<Arc<Semaphore>>,
    /// Those parts of which something is held now.
    owners: Arc<Mutex<HashMap<UserId, Weak<Semaphore>>>>,
    units: usize,
}

/// What a file holds of the budget, until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Share {
    whole: Option<OwnedSemaphorePermit>,
    owner: Option<OwnedSemaphorePermit>,
}

/// Other files have used it up.
#[derive(Debug, thiserror::Error)]
#[error("too many images are being worked on; try again later")]
pub(crate) struct BudgetSpent;

impl Share {
    /// Gives back what is above that many bytes.
    pub(crate) fn shrink(&mut self, bytes: u64) {
        let needed = usize::try_from(bytes.div_ceil(UNIT)).unwrap_or(usize::MAX);
        for held in [&mut self.whole, &mut self.owner].into_iter().flatten() {
            let excess = held.num_permits().saturating_sub(needed);
            drop(held.split(excess));
        }
    }

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
        let units = units.min(Semaphore::MAX_PERMITS);
        Self {
            whole: Arc::new(Semaphore::new(units)),
            owner: None,
            owners: Arc::default(),
            units,
        }
    }

    /// The half that an owner may hold, so that no one has all: not even a thousand slow uploads at once.
    pub(crate) fn of(&self, owner: UserId) -> Self {
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.retain(|_, part| part.strong_count() > 0);
        let part = owners.get(&owner).and_then(Weak::upgrade);
        let part = part.unwrap_or_else(|| {
            let part = Arc::new(Semaphore::new(self.units.div_ceil(2)));
            owners.insert(owner, Arc::downgrade(&part));
            part
        });
        Self {
            owner: Some(part),
            ..self.clone()
        }
    }

    /// A share of that many bytes.
    pub(crate) fn take(&self, bytes: u64) -> Result<Share, BudgetSpent> {
        let mut share = Share::default();
        self.grow(&mut share, bytes)?;
        Ok(share)
    }

    /// The same, as soon as there is one, but not after `deadline`. Whoever waits must hold no share.
    pub(crate) async fn take_by(
        &self,
        bytes: u64,
        deadline: Instant,
    ) -> Result<Share, BudgetSpent> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).map_err(|_| BudgetSpent)?;
        let mut share = Share::default();
        if let Some(part) = &self.owner {
            share.owner = Some(acquire_by(part, units, deadline).await?);
        }
        share.whole = Some(acquire_by(&self.whole, units, deadline).await?);
        Ok(share)
    }

    /// Makes a share as large as that many bytes, unless it is larger.
    pub(crate) fn grow(&self, share: &mut Share, bytes: u64) -> Result<(), BudgetSpent> {
        let held = share.whole.as_ref();
        let held = held.map_or(0, |held| held.num_permits() as u64);
        let wanted = bytes.div_ceil(UNIT).saturating_sub(held);
        if wanted == 0 {
            return Ok(());
        }
        let wanted = u32::try_from(wanted).map_err(|_| BudgetSpent)?;
        let owner = self.owner.as_ref().map(|part| acquire(part, wanted));
        let owner = owner.transpose()?;
        merge(&mut share.whole, acquire(&self.whole, wanted)?);
        if let Some(more) = owner {
            merge(&mut share.owner, more);
        }
        Ok(())
    }
}

fn acquire(units: &Arc<Semaphore>, wanted: u32) -> Result<OwnedSemaphorePermit, BudgetSpent> {
    let units = Arc::clone(units);
    units
        .try_acquire_many_owned(wanted)
        .map_err(|_| BudgetSpent)
}

async fn acquire_by(
    units: &Arc<Semaphore>,
    wanted: u32,
    deadline: Instant,
) -> Result<OwnedSemaphorePermit, BudgetSpent> {
    let acquired = Arc::clone(units).acquire_many_owned(wanted);
    let acquired = timeout_at(deadline, acquired).await;
    // Fails only on a closed semaphore, and these are never closed.
    acquired.map_err(|_| BudgetSpent)?.map_err(|_| BudgetSpent)
}

fn merge(held: &mut Option<OwnedSemaphorePermit>, more: OwnedSemaphorePermit) {
    match held {
        Some(held) => held.merge(more),
        none => *none = Some(more),
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

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_room_does_not_wait_forever() {
        let budget = Budget::new(2 * UNIT);
        let held = budget.take(UNIT).expect("room");
        let deadline = Instant::now() + std::time::Duration::from_secs(5);
        assert!(budget.take_by(2 * UNIT, deadline).await.is_err());
        assert_eq!(Instant::now(), deadline);
        let deadline = deadline + std::time::Duration::from_secs(5);
        let (taken, ()) = tokio::join!(budget.take_by(2 * UNIT, deadline), async { drop(held) });
        taken.expect("room");
        budget.take(2 * UNIT).expect("given back");
    }

    #[test]
    fn nobody_holds_more_than_half() {
        let budget = Budget::new(4 * UNIT);
        let [ana, luis] = [1, 2].map(|id| UserId::from_uuid(uuid::Uuid::from_u128(id)));
        let mut hers = budget.of(ana).take(UNIT).expect("room");
        budget.of(ana).grow(&mut hers, 2 * UNIT).expect("room");
        assert!(budget.of(ana).take(1).is_err());
        let his = budget.of(luis).take(2 * UNIT).expect("his half");
        assert!(budget.take(1).is_err(), "all is taken");
        drop(hers);
        let hers = budget.of(ana).take(2 * UNIT).expect("room again");
        drop((hers, his));
        budget.take(4 * UNIT).expect("all is there");
        assert_eq!(budget.of(ana).owners.lock().expect("whole").len(), 1);
    }
}
