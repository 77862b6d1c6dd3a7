//! Looks for what the two places do not agree on: objects that no row names, and rows whose bytes are missing.
//!
//! Nothing here relies on time to be safe. An object that is being written has a row before it exists; whoever dooms
//! it makes the upload fail, which then writes another one. `grace_seconds` only keeps uploads from having to. Any
//! number of sweepers may run at once.

mod archives;
mod loose;
mod originals;
mod renditions;

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use pupila_core::{Clock, Digest, ErrorCode, Fault as _};
use pupila_runtime::rpc::with_causes;
use pupila_storage::{ObjectFacts, Storage};

use crate::{
    ImagesError, archives::Archives, config::SweepConfig, disposal::Disposal, objects::Shard,
    store::ObjectLedger,
};

/// Rows that are looked at together.
const BATCH: usize = 200;
/// The same, for statements.
const PAGE: u32 = 200;
/// Shards that are looked at at the same time: few, so that callers find connections too.
const AT_ONCE: usize = 4;
/// Digests of missing bytes that are told.
const TOLD: usize = 100;

/// Sweeps the store.
pub(crate) struct Sweeper {
    pub(crate) ledger: Arc<dyn ObjectLedger>,
    pub(crate) storage: Storage,
    pub(crate) disposal: Disposal,
    pub(crate) archives: Archives,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: SweepConfig,
}

/// What a sweep found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// Objects that it looked at.
    pub(crate) seen: u64,
    /// Objects without an image, and old renditions, that it removed.
    pub(crate) removed: u64,
    /// Blobs without an image that it removed.
    pub(crate) records: u64,
    /// Blobs whose bytes are missing or have another length; at most so many as are told.
    pub(crate) missing: Vec<Digest>,
}

impl Sweeper {
    /// Looks at everything once, a 256th at a time, so that it needs little memory.
    pub(crate) async fn sweep(&self) -> Result<Findings, ImagesError> {
        let mut findings = Findings::default();
        let unfinished = self.storage.discard_unfinished(self.written_before());
        unfinished.await?;
        let loose = self.sweep_loose(&mut findings).await;
        let overdue = self.sweep_overdue(&mut findings).await;
        let findings = stream::iter(Shard::all())
            .map(|shard| self.sweep_shard(shard))
            .buffered(AT_ONCE)
            .try_fold(findings, async |all, more| Ok(all.and(more)))
            .await?;
        findings.tell();
        loose.and(overdue).map(|()| findings)
    }

    async fn sweep_shard(&self, shard: Shard) -> Result<Findings, ImagesError> {
        let mut findings = Findings::default();
        self.sweep_originals(shard, &mut findings).await?;
        self.sweep_renditions(shard, &mut findings).await?;
        self.sweep_archives(shard, &mut findings).await?;
        Ok(findings)
    }

    /// Deletes what is known to be to delete, without a look at the store.
    pub(crate) async fn finish(&self) -> Result<(), ImagesError> {
        let mut findings = Findings::default();
        let loose = self.sweep_loose(&mut findings).await;
        let overdue = self.sweep_overdue(&mut findings).await;
        loose.and(overdue)
    }

    /// What is done about something that cannot be deleted: nothing, so that it does not keep what comes after it from
    /// being deleted. Answers its error, with which the sweep ends; fails with it at once where nothing can be deleted
    /// now, because the database or the store is away.
    async fn endure(&self, error: ImagesError) -> Result<ImagesError, ImagesError> {
        let is_away = match &error {
            ImagesError::Database(cause) => cause.code() == ErrorCode::Unavailable,
            _ => self.storage.ping().await.is_err(),
        };
        if is_away {
            return Err(error);
        }
        tracing::warn!(error = with_causes(&error), "something cannot be deleted");
        Ok(error)
    }

    /// What was written since then may belong to an upload that is not finished.
    fn written_before(&self) -> Timestamp {
        self.ago(Duration::from_secs(self.config.grace_seconds))
    }

    fn ago(&self, span: Duration) -> Timestamp {
        let now = self.clock.now();
        now.saturating_sub(span).unwrap_or(Timestamp::MIN)
    }
}

impl Findings {
    fn miss(&mut self, sha256: Digest) {
        tracing::error!(%sha256, "the bytes of an image are missing");
        self.missing.push(sha256);
    }

    fn and(mut self, more: Self) -> Self {
        self.seen += more.seen;
        self.removed += more.removed;
        self.records += more.records;
        self.missing.extend(more.missing);
        self.missing.truncate(TOLD);
        self
    }

    fn tell(&self) {
        let Self {
            seen,
            removed,
            records,
            ref missing,
        } = *self;
        let missing = missing.len();
        metrics::counter!("pupila_sweep_objects_removed_total").increment(removed);
        metrics::gauge!("pupila_sweep_objects_missing").set(missing as f64);
        tracing::info!(seen, removed, records, missing, "swept the object store");
    }
}

/// Whether an object was written before that time.
fn is_older(object: &ObjectFacts, time: Timestamp) -> bool {
    object.last_modified <= time
}
