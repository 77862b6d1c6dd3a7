//! Fetching ZIPs from images.

use std::{fs::File, time::Duration};

use pupila_core::ErrorCode;
use pupila_proto::images::v1::{
    DeleteArchiveRequest, ReadArchiveRequest, ReadArchiveResponse,
    archive_service_client::ArchiveServiceClient,
};
use pupila_runtime::{context::RequestContext, rpc::RpcError, transport::Transport};
use tokio::io::AsyncWriteExt as _;

use super::{archive_file::ArchiveFile, failed};
use crate::{Outcome, Service, images::Download};

/// The archives of the owners of tasks.
#[derive(Clone)]
pub(super) struct Archives {
    client: ArchiveServiceClient<Transport>,
    timeout: Duration,
}

impl Archives {
    /// Those behind `images`. A call that stands still for `timeout` is given up.
    pub(super) fn new(images: Transport, timeout: Duration) -> Self {
        Self {
            client: ArchiveServiceClient::new(images),
            timeout,
        }
    }

    /// Fetches an archive onto the disk; `None` where it is not there. images has seen to it that it is not too large.
    pub(super) async fn fetch(
        &self,
        context: &RequestContext,
        id: &str,
    ) -> Result<Option<ArchiveFile>, Outcome> {
        let request = ReadArchiveRequest { id: id.to_owned() };
        let mut client = self.client.clone();
        let call = client.read_archive(context.stream(request));
        let download = match Download::begin(call, self.timeout).await {
            Ok(download) => download,
            Err(error) if error.code == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(refused(error)),
        };
        // Without a name from the beginning, so that nothing is left of it whatever becomes of this process.
        let file = tempfile::tempfile().map_err(|error| failed(&error))?;
        fill(file, download).await.map(Some)
    }

    /// Deletes an archive. One that stays is deleted by images when it is old.
    pub(super) async fn delete(&self, context: &RequestContext, id: &str) {
        let request = DeleteArchiveRequest { id: id.to_owned() };
        let call = context.call(request, self.timeout);
        if let Err(error) = self.client.clone().delete_archive(call).await {
            let error = RpcError::from(error);
            tracing::warn!(archive = id, %error, "an archive that was unpacked is still there");
        }
    }
}

async fn fill(
    file: File,
    mut download: Download<ReadArchiveResponse>,
) -> Result<ArchiveFile, Outcome> {
    let mut file = tokio::fs::File::from_std(file);
    while let Some(chunk) = download.next().await.map_err(refused)? {
        let written = file.write_all(&chunk).await;
        written.map_err(|error| failed(&error))?;
    }
    file.flush().await.map_err(|error| failed(&error))?;
    Ok(ArchiveFile::new(
        file.into_std().await,
        download.header.size,
    ))
}

fn refused(error: RpcError) -> Outcome {
    Outcome::from_service(Service::Images, error)
}
