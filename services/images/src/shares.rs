//! Which images are shared with a caller who does not own them: accounts knows.

use std::{collections::HashSet, time::Duration};

use pupila_core::{ErrorCode, Fault, ImageId};
use pupila_proto::accounts::v1::{
    CheckSharesRequest, OwnedImage, album_service_client::AlbumServiceClient,
};
use pupila_runtime::{
    context::RequestContext, identity::AccessError, rpc::RpcError, transport::Transport,
};

use crate::image::Image;

/// How long accounts may take.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Asks accounts about images.
#[derive(Clone)]
pub(crate) struct Shares(AlbumServiceClient<Transport>);

/// Whether an image is shared is not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SharesError {
    /// The caller's token ended on the way.
    #[error(transparent)]
    Access(AccessError),
    /// accounts is away, slow, or failed.
    #[error("shared images cannot be shown now")]
    Unavailable(#[source] RpcError),
}

impl Shares {
    pub(crate) fn new(accounts: Transport) -> Self {
        Self(AlbumServiceClient::new(accounts))
    }

    /// Those of the images that their owners share with the one who makes the call; at most 200 are asked about.
    pub(crate) async fn of(
        &self,
        call: &RequestContext,
        images: &[&Image],
    ) -> Result<HashSet<ImageId>, SharesError> {
        if images.is_empty() {
            return Ok(HashSet::new());
        }
        let asked = images.iter().map(|image| OwnedImage {
            image_id: image.id.to_string(),
            owner: image.owner.to_string(),
        });
        let request = CheckSharesRequest {
            images: asked.collect(),
        };
        let answer = self
            .0
            .clone()
            .check_shares(call.call(request, TIMEOUT))
            .await
            .map_err(RpcError::from)?;
        let shared = answer.into_inner().image_ids;
        // What makes no sense is not shared.
        Ok(shared.iter().filter_map(|id| id.parse().ok()).collect())
    }
}

impl From<RpcError> for SharesError {
    fn from(error: RpcError) -> Self {
        match error.code {
            ErrorCode::Unauthenticated => Self::Access(AccessError::Expired),
            _ => Self::Unavailable(error),
        }
    }
}

impl Fault for SharesError {
    fn code(&self) -> ErrorCode {
        match self {
            Self::Access(error) => error.code(),
            Self::Unavailable(_) => ErrorCode::Unavailable,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Access(error) => error.reason(),
            Self::Unavailable(_) => "SHARES_UNAVAILABLE",
        }
    }
}
