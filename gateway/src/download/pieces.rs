//! Bytes as a service sends them: a header, then piece by piece.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream::BoxStream};
use pupila_proto::images::v1::{
    Image, ReadContentResponse, ReadRenditionResponse, RenditionHeader, read_content_response,
    read_rendition_response,
};
use pupila_runtime::rpc::RpcError;
use tonic::{Response, Status, Streaming};

/// The bytes of a file. An error in between must break the connection off, so that half a file is not taken for a
/// whole one.
pub(crate) type Pieces = BoxStream<'static, Result<Bytes, RpcError>>;

/// A message of such a stream.
pub(crate) trait Piece: Send + 'static {
    /// What the first message tells.
    type Header;

    /// What is in it; `None` for an empty message.
    fn into_part(self) -> Option<Part<Self::Header>>;
}

/// What is in a message.
pub(crate) enum Part<H> {
    Header(H),
    Chunk(Bytes),
}

/// Waits for the header; the bytes follow.
///
/// # Errors
/// Whatever the service refuses with.
pub(crate) async fn open<P: Piece>(
    answer: Result<Response<Streaming<P>>, Status>,
) -> Result<(P::Header, Pieces), RpcError> {
    let mut messages = answer?.into_inner();
    let first = messages.message().await?.and_then(P::into_part);
    let Some(Part::Header(header)) = first else {
        let error = Status::internal("the stream did not begin with a header");
        return Err(error.into());
    };
    let pieces = messages.map(|message| match message?.into_part() {
        Some(Part::Chunk(bytes)) => Ok(bytes),
        Some(Part::Header(_)) | None => {
            let error = Status::internal("the stream holds something else than bytes");
            Err(RpcError::from(error))
        }
    });
    Ok((header, pieces.boxed()))
}

impl Piece for ReadContentResponse {
    type Header = Image;

    fn into_part(self) -> Option<Part<Image>> {
        self.part.map(|part| match part {
            read_content_response::Part::Header(header) => Part::Header(header),
            read_content_response::Part::Chunk(bytes) => Part::Chunk(bytes),
        })
    }
}

impl Piece for ReadRenditionResponse {
    type Header = RenditionHeader;

    fn into_part(self) -> Option<Part<RenditionHeader>> {
        self.part.map(|part| match part {
            read_rendition_response::Part::Header(header) => Part::Header(header),
            read_rendition_response::Part::Chunk(bytes) => Part::Chunk(bytes),
        })
    }
}
