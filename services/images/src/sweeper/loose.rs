//! Objects that are known to be loose.

use pupila_storage::StorageError;

use super::{Findings, PAGE, Sweeper};
use crate::{ImagesError, objects::Original, store::Loose};

impl Sweeper {
    /// Deletes doomed objects, and those whose upload died. One that stays is told in the end.
    pub(super) async fn sweep_loose(&self, findings: &mut Findings) -> Result<(), ImagesError> {
        let (mut after, mut failure) = (None, None);
        loop {
            let page = self.ledger.loose(after, PAGE).await?;
            let Some(last) = page.last() else {
                return failure.map_or(Ok(()), Err);
            };
            after = Some(last.original);
            for loose in &page {
                if let Err(error) = self.settle(loose, findings).await {
                    failure = Some(self.endure(error).await?);
                }
            }
        }
    }

    async fn settle(&self, loose: &Loose, findings: &mut Findings) -> Result<(), ImagesError> {
        match self.is_lost(loose).await? {
            true => self.remove(loose.original, findings).await,
            false => Ok(()),
        }
    }

    /// Whether nobody will ever name the object. From here on the upload that wrote it cannot any more.
    async fn is_lost(&self, loose: &Loose) -> Result<bool, ImagesError> {
        if loose.doomed {
            return Ok(true);
        }
        let stale = loose.since <= self.written_before();
        Ok(stale && self.ledger.doom(loose.original).await?)
    }

    async fn remove(&self, original: Original, findings: &mut Findings) -> Result<(), ImagesError> {
        // Its upload may have died before it was written.
        match self.storage.head(&original.key()?).await {
            Ok(_) => findings.removed += 1,
            Err(StorageError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.disposal.dispose(original).await
    }
}
