//! Folding anew what an older release folded otherwise, once: a search finds what it would find in texts of today.

use std::{sync::Arc, time::Duration};

use pupila_db::DatabaseError;
use pupila_runtime::rpc::with_causes;
use tokio_util::sync::CancellationToken;

use crate::{store::FoldingStore, text::FOLDING};

/// Images that are looked at together.
const PAGE: u32 = 200;
/// The pause after a failure.
const PAUSE: Duration = Duration::from_secs(60);

/// Folds anew what an older release folded otherwise.
pub(crate) struct Refolding {
    pub(crate) store: Arc<dyn FoldingStore>,
}

impl Refolding {
    /// Runs until it is done, or until `stop`. Any number of processes may do it at once.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let until_done = async {
            while let Err(error) = self.refold().await {
                let error = with_causes(&error);
                tracing::warn!(
                    error,
                    "a search does not find everything: old texts are not folded"
                );
                tokio::time::sleep(PAUSE).await;
            }
        };
        stop.run_until_cancelled(until_done).await;
    }

    async fn refold(&self) -> Result<(), DatabaseError> {
        if self.store.folding().await? >= FOLDING {
            return Ok(());
        }
        let mut after = None;
        loop {
            after = self.store.refold(after, PAGE).await?;
            if after.is_none() {
                break;
            }
        }
        self.store.set_folding(FOLDING).await
    }
}
