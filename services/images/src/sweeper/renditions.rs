//! Renditions that nobody needs, and old ones.

use std::{collections::HashMap, time::Duration};

use futures_util::TryStreamExt as _;
use pupila_core::Digest;
use pupila_storage::StorageKey;

use super::{BATCH, Findings, Sweeper, is_older};
use crate::{
    ImagesError,
    objects::{self, Shard},
};

const DAY: u64 = 24 * 60 * 60;

impl Sweeper {
    /// Deletes renditions of blobs that are gone, and those that were made long ago: who still asks for one gets it
    /// made again.
    pub(super) async fn sweep_renditions(
        &self,
        shard: Shard,
        findings: &mut Findings,
    ) -> Result<(), ImagesError> {
        let age = Duration::from_secs(u64::from(self.config.rendition_days) * DAY);
        let made_before = self.ago(age);
        let mut kept: HashMap<Digest, Vec<StorageKey>> = HashMap::new();
        let mut objects = self.storage.list(Some(&shard.renditions()?));
        while let Some(object) = objects.try_next().await? {
            findings.seen += 1;
            match objects::source_of(&object.key) {
                None => tracing::warn!(key = %object.key, "an object is none of ours"),
                Some(_) if is_older(&object, made_before) => {
                    self.drop_rendition(&object.key, findings).await?;
                }
                Some(source) => kept.entry(source).or_default().push(object.key),
            }
        }
        let sources: Vec<_> = kept.keys().copied().collect();
        for batch in sources.chunks(BATCH) {
            for source in self.ledger.unknown(batch).await? {
                for key in kept.get(&source).into_iter().flatten() {
                    self.drop_rendition(key, findings).await?;
                }
            }
        }
        Ok(())
    }

    async fn drop_rendition(
        &self,
        key: &StorageKey,
        findings: &mut Findings,
    ) -> Result<(), ImagesError> {
        self.storage.delete(key).await?;
        findings.removed += 1;
        Ok(())
    }
}
