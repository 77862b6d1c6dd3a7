//! Reading what a stream brings.

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use pupila_runtime::rpc::RpcError;
use tonic::Status;

/// A file that was read: what came first, and the bytes.
pub(crate) struct Read<H> {
    pub(crate) header: H,
    pub(crate) bytes: Vec<u8>,
}

/// A piece of a file that is read.
pub(crate) enum Piece<H> {
    Header(Box<H>),
    Chunk(Bytes),
}

/// The header, which comes first and once, and all bytes.
pub(crate) async fn read<H>(
    pieces: impl Stream<Item = Result<Piece<H>, Status>>,
) -> Result<Read<H>, RpcError> {
    let mut pieces = std::pin::pin!(pieces);
    let Some(Piece::Header(header)) = pieces.try_next().await? else {
        panic!("the header comes first")
    };
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.try_next().await? {
        let Piece::Chunk(chunk) = piece else {
            panic!("a second header")
        };
        bytes.extend_from_slice(&chunk);
    }
    Ok(Read {
        header: *header,
        bytes,
    })
}
