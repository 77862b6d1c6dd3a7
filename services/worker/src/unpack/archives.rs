//! Fetching ZIPs from images.

use std::{fs::File, future::Future, time::Duration};

use pupila_core::ErrorCode;
use pupila_proto::images::v1::{
    DeleteArchiveRequest, ReadArchiveRequest, ReadArchiveResponse,
    archive_service_client::ArchiveServiceClient, read_archive_response::Part,
};
use pupila_runtime::{context::RequestContext, rpc::RpcError, transport::Transport};
use tokio::io::AsyncWriteExt as _;
use tonic::{Status, Streaming};

use super::{archive_file::ArchiveFile, failed};
use crate::Outcome;

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
        let answer = client.read_archive(context.stream(request));
        let pieces = match self.in_time(answer).await {
            Ok(answer) => answer.into_inner(),
            Err(error) if error.code == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(Outcome::from_service("images", error)),
        };
        // Without a name from the beginning, so that nothing is left of it whatever becomes of this process.
        let file = tempfile::tempfile().map_err(|error| failed(&error))?;
        self.fill(file, pieces).await.map(Some)
    }

    async fn fill(
        &self,
        file: File,
        mut pieces: Streaming<ReadArchiveResponse>,
    ) -> Result<ArchiveFile, Outcome> {
        let Some(Part::Header(archive)) = self.next(&mut pieces).await? else {
            return Err(broken());
        };
        let mut file = tokio::fs::File::from_std(file);
        let mut left = archive.size;
        while let Some(part) = self.next(&mut pieces).await? {
            let Part::Chunk(chunk) = part else {
                return Err(broken());
            };
            left = left.checked_sub(chunk.len() as u64).ok_or_else(broken)?;
            file.write_all(&chunk)
                .await
                .map_err(|error| failed(&error))?;
        }
        if left > 0 {
            return Err(broken());
        }
        file.flush().await.map_err(|error| failed(&error))?;
        Ok(ArchiveFile::new(file.into_std().await, archive.size))
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

    async fn next(
        &self,
        pieces: &mut Streaming<ReadArchiveResponse>,
    ) -> Result<Option<Part>, Outcome> {
        let piece = self.in_time(pieces.message()).await;
        let piece = piece.map_err(|error| Outcome::from_service("images", error))?;
        piece.map(|piece| piece.part.ok_or_else(broken)).transpose()
    }

    /// What images answers, unless it takes too long.
    async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, Status>>,
    ) -> Result<T, RpcError> {
        let answer = tokio::time::timeout(self.timeout, answer).await;
        let answer =
            answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("images stands still")));
        Ok(answer?)
    }
}

/// images said something else than it promised.
fn broken() -> Outcome {
    let detail = "the archive did not come as it was announced";
    Outcome::stumbled(ErrorCode::Internal, "ARCHIVE_INCOMPLETE", detail)
}
