//! Archives that nobody will unpack any more, and pieces of archives that are not known.

use std::{collections::HashSet, time::Duration};

use futures_util::TryStreamExt as _;
use pupila_core::ArchiveId;

use super::{BATCH, Findings, PAGE, Sweeper, is_older};
use crate::{
    ImagesError,
    objects::{self, Shard},
    store::ArchiveTrace,
};

/// How long an archive is kept.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Sweeper {
    /// Deletes doomed archives, those whose upload died, and those that were kept long enough. One that stays is
    /// told in the end.
    pub(super) async fn sweep_overdue(&self, findings: &mut Findings) -> Result<(), ImagesError> {
        let (written, made) = (self.written_before(), self.ago(KEPT));
        let (mut after, mut failure) = (None, None);
        loop {
            let page = self
                .archives
                .store
                .overdue_archives(written, made, after, PAGE)
                .await?;
            let Some(last) = page.last() else {
                return failure.map_or(Ok(()), Err);
            };
            after = Some(last.id);
            for archive in &page {
                if let Err(error) = self.drop_archive(archive, findings).await {
                    failure = Some(self.endure(error).await?);
                }
            }
        }
    }

    async fn drop_archive(
        &self,
        archive: &ArchiveTrace,
        findings: &mut Findings,
    ) -> Result<(), ImagesError> {
        let ArchiveTrace { id, owner, changed } = *archive;
        // Unless its upload was heard of since.
        if self
            .archives
            .store
            .doom_archive(owner, id, Some(changed))
            .await?
        {
            findings.removed += self.archives.dispose(id).await?;
        }
        Ok(())
    }

    /// Deletes pieces without a row, such as one that was written while its archive was deleted.
    pub(super) async fn sweep_archives(
        &self,
        shard: Shard,
        findings: &mut Findings,
    ) -> Result<(), ImagesError> {
        let written_before = self.written_before();
        let mut old = HashSet::new();
        let mut objects = self.storage.list(Some(&shard.archives()?));
        while let Some(object) = objects.try_next().await? {
            findings.seen += 1;
            match objects::archive_of(&object.key) {
                None => tracing::warn!(key = %object.key, "an object is none of ours"),
                Some(id) if is_older(&object, written_before) => {
                    old.insert(id);
                }
                Some(_) => {}
            }
        }
        let old: Vec<ArchiveId> = old.into_iter().collect();
        for batch in old.chunks(BATCH) {
            for stranger in self.archives.store.unknown_archives(batch).await? {
                let pieces = objects::archive(stranger)?;
                findings.removed += self.storage.delete_prefix(&pieces).await?;
            }
        }
        Ok(())
    }
}
