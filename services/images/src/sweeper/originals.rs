//! Blobs and their objects, held against each other.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use pupila_storage::StorageError;
use uuid::Uuid;

use super::{BATCH, Findings, PAGE, Sweeper, is_older};
use crate::{
    ImagesError,
    objects::{Original, Shard},
    store::Blob,
};

/// The sizes of the objects that are there.
type Sizes = HashMap<Uuid, u64>;

impl Sweeper {
    pub(super) async fn sweep_originals(
        &self,
        shard: Shard,
        findings: &mut Findings,
    ) -> Result<(), ImagesError> {
        let (sizes, old) = self.look(shard, findings).await?;
        for batch in old.chunks(BATCH) {
            for stranger in self.ledger.strangers(batch).await? {
                self.storage.delete(&stranger.key()?).await?;
                findings.removed += 1;
            }
        }
        let mut after = None;
        loop {
            let page = self.ledger.blobs(shard, after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = Some(last.original.sha256);
            for blob in &page {
                self.check(blob, &sizes, findings).await?;
            }
        }
    }

    /// All objects of the shard, and those that were not written just now.
    async fn look(
        &self,
        shard: Shard,
        findings: &mut Findings,
    ) -> Result<(Sizes, Vec<Original>), ImagesError> {
        let (mut sizes, mut old) = (Sizes::new(), Vec::new());
        let written_before = self.written_before();
        let mut objects = self.storage.list(Some(&shard.originals()?));
        while let Some(object) = objects.try_next().await? {
            findings.seen += 1;
            let Some(original) = Original::from_key(&object.key) else {
                tracing::warn!(key = %object.key, "an object is none of ours");
                continue;
            };
            sizes.insert(original.generation, object.size);
            if is_older(&object, written_before) {
                old.push(original);
            }
        }
        Ok((sizes, old))
    }

    async fn check(
        &self,
        blob: &Blob,
        sizes: &Sizes,
        findings: &mut Findings,
    ) -> Result<(), ImagesError> {
        let Blob {
            original,
            size,
            used,
        } = *blob;
        if !used {
            let unused = self.ledger.remove_unused(original.sha256, self.clock.now());
            if let Some(doomed) = unused.await? {
                findings.records += 1;
                self.disposal.dispose(doomed).await?;
                findings.removed += 1;
            }
            return Ok(());
        }
        if sizes.get(&original.generation) != Some(&size) && self.is_missing(blob).await? {
            findings.miss(original.sha256);
        }
        Ok(())
    }

    /// Whether the bytes are missing that were not there when we looked: the blob may be newer than that, or gone.
    async fn is_missing(&self, blob: &Blob) -> Result<bool, ImagesError> {
        match self.storage.head(&blob.original.key()?).await {
            Ok(object) if object.size == blob.size => return Ok(false),
            Ok(_) | Err(StorageError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let now = self.ledger.original(blob.original.sha256).await?;
        Ok(now == Some(blob.original))
    }
}
