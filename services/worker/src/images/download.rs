//! Files on their way from images: images themselves, and ZIPs.

use std::time::Duration;

use bytes::Bytes;
use pupila_core::ErrorCode;
use pupila_proto::images::v1::{
    Archive, Image, ReadArchiveResponse, ReadContentResponse, read_archive_response,
    read_content_response,
};
use pupila_runtime::rpc::RpcError;
use tonic::{Response, Status, Streaming};

/// A file on its way: what it is, and its bytes once they are asked for.
#[derive(Debug)]
pub(crate) struct Download<M: Message> {
    /// What it is.
    pub(crate) header: M::Header,
    /// Bytes that have not come yet.
    left: u64,
    pieces: Streaming<M>,
    timeout: Duration,
}

/// A piece of a file.
pub(crate) trait Message: Sized {
    /// What the first piece tells of the file.
    type Header;
    /// The reason of a file that does not come as it was announced.
    const INCOMPLETE: &'static str;

    fn part(self) -> Option<Part<Self::Header>>;
    fn size(header: &Self::Header) -> u64;
}

/// What a piece holds.
pub(crate) enum Part<H> {
    Header(H),
    Chunk(Bytes),
}

impl<M: Message> Download<M> {
    /// The file that the call answers. It is given up when it stands still for `timeout`.
    ///
    /// # Errors
    /// What images answers.
    pub(crate) async fn begin(
        call: impl Future<Output = Result<Response<Streaming<M>>, Status>>,
        timeout: Duration,
    ) -> Result<Self, RpcError> {
        let mut pieces = in_time(timeout, call).await?.into_inner();
        let first = in_time(timeout, pieces.message()).await?;
        let Some(Part::Header(header)) = first.and_then(M::part) else {
            return Err(incomplete::<M>());
        };
        Ok(Self {
            left: M::size(&header),
            header,
            pieces,
            timeout,
        })
    }

    /// The next bytes; `None` once there are as many as were announced.
    ///
    /// # Errors
    /// What images answers, or more or fewer bytes than it announced.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, RpcError> {
        let piece = in_time(self.timeout, self.pieces.message()).await?;
        let Some(piece) = piece else {
            return match self.left {
                0 => Ok(None),
                _ => Err(incomplete::<M>()),
            };
        };
        let Some(Part::Chunk(chunk)) = piece.part() else {
            return Err(incomplete::<M>());
        };
        let left = self.left.checked_sub(chunk.len() as u64);
        self.left = left.ok_or_else(incomplete::<M>)?;
        Ok(Some(chunk))
    }
}

impl Message for ReadContentResponse {
    type Header = Image;
    const INCOMPLETE: &'static str = "IMAGE_INCOMPLETE";

    fn part(self) -> Option<Part<Image>> {
        Some(match self.part? {
            read_content_response::Part::Header(image) => Part::Header(image),
            read_content_response::Part::Chunk(chunk) => Part::Chunk(chunk),
        })
    }

    fn size(image: &Image) -> u64 {
        image.size
    }
}

impl Message for ReadArchiveResponse {
    type Header = Archive;
    const INCOMPLETE: &'static str = "ARCHIVE_INCOMPLETE";

    fn part(self) -> Option<Part<Archive>> {
        Some(match self.part? {
            read_archive_response::Part::Header(archive) => Part::Header(archive),
            read_archive_response::Part::Chunk(chunk) => Part::Chunk(chunk),
        })
    }

    fn size(archive: &Archive) -> u64 {
        archive.size
    }
}

/// What images answers, unless it takes too long.
async fn in_time<T>(
    timeout: Duration,
    answer: impl Future<Output = Result<T, Status>>,
) -> Result<T, RpcError> {
    let answer = tokio::time::timeout(timeout, answer).await;
    let answer = answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("images stands still")));
    Ok(answer?)
}

/// images said something else than it promised.
pub(super) fn incomplete<M: Message>() -> RpcError {
    RpcError {
        code: ErrorCode::Internal,
        reason: M::INCOMPLETE.to_owned(),
        message: "the file did not come as it was announced".to_owned(),
        violations: Vec::new(),
        retry_after: None,
    }
}
