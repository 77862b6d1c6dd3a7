//! How many bytes of images this process holds at once.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::FormField;
use crate::error::RequestError;

/// What one permit of the budget stands for, in bytes.
const UNIT: usize = 64 << 10;

/// How many bytes of images this process holds at once, so that a thousand clients cannot exhaust its memory.
#[derive(Debug, Clone)]
pub(crate) struct UploadBudget {
    permits: Arc<Semaphore>,
    max_file_bytes: usize,
}

/// What an image in memory holds of the budget, until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Share(Option<OwnedSemaphorePermit>);

impl UploadBudget {
    /// A budget of `max_buffered_bytes` for all images and `max_file_bytes` for each.
    pub(crate) fn new(max_buffered_bytes: usize, max_file_bytes: usize) -> Self {
        let units = max_buffered_bytes
            .div_ceil(UNIT)
            .min(Semaphore::MAX_PERMITS);
        Self {
            permits: Arc::new(Semaphore::new(units)),
            max_file_bytes,
        }
    }

    /// Most bytes of one file.
    pub(crate) fn max_file_bytes(&self) -> usize {
        self.max_file_bytes
    }

    /// Reads one file of a form whole.
    pub(crate) async fn read(
        &self,
        file: &mut FormField<'_>,
    ) -> Result<(Bytes, Share), RequestError> {
        let mut share = Share::default();
        let mut bytes = BytesMut::new();
        while let Some(chunk) = file.next().await? {
            self.extend(&mut share, bytes.len() + chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        if bytes.is_empty() {
            return Err(RequestError::EmptyFile);
        }
        Ok((bytes.freeze(), share))
    }

    /// Takes as much of the budget as `bytes` need altogether.
    pub(crate) fn extend(&self, share: &mut Share, bytes: usize) -> Result<(), RequestError> {
        let held = share
            .0
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let wanted = bytes.div_ceil(UNIT).saturating_sub(held);
        if wanted == 0 {
            return Ok(());
        }
        let wanted = u32::try_from(wanted).map_err(|_| RequestError::TooManyUploads)?;
        let more = Arc::clone(&self.permits)
            .try_acquire_many_owned(wanted)
            .map_err(|_| RequestError::TooManyUploads)?;
        match &mut share.0 {
            Some(held) => held.merge(more),
            none => *none = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_given_back() {
        let budget = UploadBudget::new(2 * UNIT, UNIT);
        let (mut first, mut second) = (Share::default(), Share::default());
        budget.extend(&mut first, 1).expect("room");
        budget.extend(&mut first, UNIT + 1).expect("room");
        assert!(budget.extend(&mut second, 1).is_err());
        drop(first);
        budget.extend(&mut second, 2 * UNIT).expect("room again");
    }
}
