//! Deleting objects that nobody needs any more.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use pupila_runtime::rpc::with_causes;
use pupila_storage::Storage;

use crate::{
    ImagesError,
    objects::{self, Original},
    store::ObjectLedger,
};

/// Objects that are deleted at the same time.
const AT_ONCE: usize = 8;

/// Deletes objects that nobody needs any more. Its clones share everything.
#[derive(Clone)]
pub(crate) struct Disposal {
    pub(crate) ledger: Arc<dyn ObjectLedger>,
    pub(crate) storage: Storage,
}

impl Disposal {
    /// Deletes doomed objects. One that stays, because the store is away, is left to the sweeper.
    pub(crate) async fn dispose_all(&self, doomed: Vec<Original>) {
        stream::iter(doomed)
            .for_each_concurrent(AT_ONCE, |original| async move {
                if let Err(error) = self.dispose(original).await {
                    let error = with_causes(&error);
                    tracing::warn!(sha256 = %original.sha256, error, "an object is left to the sweeper");
                }
            })
            .await;
    }

    /// Deletes a doomed object with all that was made of it, and then its row.
    pub(crate) async fn dispose(&self, original: Original) -> Result<(), ImagesError> {
        self.storage.delete(&original.key()?).await?;
        if self.ledger.original(original.sha256).await?.is_none() {
            // Should the bytes come again at this moment, their renditions are made again.
            let renditions = objects::renditions(original.sha256)?;
            self.storage.delete_prefix(&renditions).await?;
        }
        Ok(self.ledger.forget(original).await?)
    }

    /// Deletes an object that was written for nothing.
    pub(crate) async fn discard(&self, original: Original) {
        match self.ledger.doom(original).await {
            Ok(true) => self.dispose_all(vec![original]).await,
            Ok(false) => {}
            Err(error) => {
                let error = with_causes(&error);
                tracing::warn!(sha256 = %original.sha256, error, "an object is left to the sweeper");
            }
        }
    }
}
