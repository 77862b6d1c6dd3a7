//! Looks for what the two places do not agree on: objects that no row names, and rows whose bytes are missing.
//!
//! Nothing here relies on time to be safe. An object that is being written has a row before it exists; whoever dooms
//! it makes the upload fail, which then writes another one. `grace_seconds` only keeps uploads from having to. Any
//! number of sweepers may run at once.

mod loose;
mod originals;
mod renditions;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use pupila_core::{Clock, Digest};
use pupila_storage::{ObjectFacts, Storage};

use crate::{
    ImagesError, config::SweepConfig, disposal::Disposal, objects::Shard, store::ObjectLedger,
};

/// Rows that are looked at together.
const BATCH: usize = 200;
/// The same, for statements.
const PAGE: u32 = 200;
/// Digests of missing bytes that are told.
const TOLD: usize = 100;

/// Sweeps the store.
pub(crate) struct Sweeper {
    pub(crate) ledger: Arc<dyn ObjectLedger>,
    pub(crate) storage: Storage,
    pub(crate) disposal: Disposal,
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
        self.storage
            .discard_unfinished(self.written_before())
            .await?;
        self.sweep_loose(&mut findings).await?;
        for shard in Shard::all() {
            self.sweep_originals(shard, &mut findings).await?;
            self.sweep_renditions(shard, &mut findings).await?;
        }
        let Findings {
            seen,
            removed,
            records,
            ref missing,
        } = findings;
        metrics::counter!("pupila_sweep_objects_removed_total").increment(removed);
        metrics::gauge!("pupila_sweep_objects_missing").set(missing.len() as f64);
        tracing::info!(
            seen,
            removed,
            records,
            missing = missing.len(),
            "swept the object store"
        );
        Ok(findings)
    }

    /// Deletes what is known to be to delete, without a look at the store.
    pub(crate) async fn finish(&self) -> Result<(), ImagesError> {
        self.sweep_loose(&mut Findings::default()).await
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
        if self.missing.len() < TOLD {
            self.missing.push(sha256);
        }
    }
}

/// Whether an object was written before that time.
fn is_older(object: &ObjectFacts, time: Timestamp) -> bool {
    object.last_modified <= time
}
