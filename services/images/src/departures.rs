//! Telling accounts which images are gone, so that no album shows them: in the background, and again until it knows.

use std::{sync::Arc, time::Duration};

use pupila_core::ImageId;
use pupila_db::DatabaseError;
use pupila_proto::accounts::v1::{ForgetImagesRequest, album_service_client::AlbumServiceClient};
use pupila_runtime::{
    identity::ServiceIdentity,
    rpc::{RpcError, with_causes},
    transport::Transport,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::store::DepartureStore;

/// Images that are told in one call, the most that accounts takes.
const BATCH: u32 = 200;
/// How long accounts may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after the first failure; each one after it is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause, and how often we look for what another process left behind.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Tells accounts which images are gone.
pub(crate) struct Departures {
    pub(crate) store: Arc<dyn DepartureStore>,
    pub(crate) albums: AlbumServiceClient<Transport>,
    pub(crate) identity: ServiceIdentity,
    /// Rung when images go.
    pub(crate) departed: Arc<Notify>,
}

/// accounts was not told.
#[derive(Debug, thiserror::Error)]
enum DepartureError {
    #[error("accounts cannot be told which images are gone")]
    Accounts(#[from] RpcError),
    #[error("the images that are gone cannot be read")]
    Database(#[from] DatabaseError),
}

impl Departures {
    pub(crate) async fn run(self, stop: CancellationToken) {
        let forever = async {
            let mut pause = FIRST_PAUSE;
            loop {
                match self.tell_all().await {
                    Ok(()) => {
                        pause = FIRST_PAUSE;
                        // However it ends, there may be something to tell.
                        let _ = tokio::time::timeout(LONGEST_PAUSE, self.departed.notified()).await;
                    }
                    Err(error) => {
                        let error = with_causes(&error);
                        tracing::warn!(error, "albums still show images that are gone");
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(LONGEST_PAUSE);
                    }
                }
            }
        };
        stop.run_until_cancelled(forever).await;
    }

    async fn tell_all(&self) -> Result<(), DepartureError> {
        loop {
            let gone = self.store.departures(BATCH).await?;
            if gone.is_empty() {
                return Ok(());
            }
            self.tell(&gone).await?;
            // Only now: whoever dies before tells them twice, which does no harm.
            self.store.told(&gone).await?;
        }
    }

    async fn tell(&self, gone: &[ImageId]) -> Result<(), RpcError> {
        let image_ids = gone.iter().map(ImageId::to_string).collect();
        let context = self.identity.request().await?;
        let call = context.call(ForgetImagesRequest { image_ids }, TIMEOUT);
        self.albums.clone().forget_images(call).await?;
        Ok(())
    }
}
