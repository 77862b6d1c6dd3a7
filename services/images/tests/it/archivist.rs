//! Somebody who stores archives.

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _, stream};
use pupila_proto::images::v1::{
    self as proto, archive_service_client::ArchiveServiceClient, create_archive_request,
    read_archive_response,
};
use pupila_runtime::transport::Transport;

use crate::{
    download::{Piece, Read, read},
    user::{Answer, TIMEOUT, TestUser},
};

/// Bytes of a piece of an upload.
const PIECE: usize = 1 << 20;

impl TestUser {
    pub(crate) async fn store_archive(&self, bytes: impl AsRef<[u8]>) -> Answer<proto::Archive> {
        let chunks: Vec<_> = bytes.as_ref().chunks(PIECE).map(archive_chunk).collect();
        let parts = [archive_head("x-rays.zip")].into_iter().chain(chunks);
        self.store_archive_parts(stream::iter(parts.collect::<Vec<_>>()))
            .await
    }

    /// An upload whose pieces are of the test's making.
    pub(crate) async fn store_archive_parts(
        &self,
        parts: impl Stream<Item = proto::CreateArchiveRequest> + Send + 'static,
    ) -> Answer<proto::Archive> {
        let request = self.context.call(parts, TIMEOUT);
        let answer = self.archives().create_archive(request).await?;
        Ok(answer.into_inner().archive.expect("an archive"))
    }

    pub(crate) async fn read_archive(&self, id: &str) -> Answer<Read<proto::Archive>> {
        use read_archive_response::Part;
        let request = proto::ReadArchiveRequest { id: id.to_owned() };
        let call = self.context.stream(request);
        let parts = self.archives().read_archive(call).await?.into_inner();
        read(parts.map_ok(|message| match message.part {
            Some(Part::Header(header)) => Piece::Header(Box::new(header)),
            Some(Part::Chunk(chunk)) => Piece::Chunk(chunk),
            None => panic!("an empty part"),
        }))
        .await
    }

    pub(crate) async fn delete_archive(&self, id: &str) -> Answer<()> {
        let request = proto::DeleteArchiveRequest { id: id.to_owned() };
        let request = self.context.call(request, TIMEOUT);
        self.archives().delete_archive(request).await?;
        Ok(())
    }

    fn archives(&self) -> ArchiveServiceClient<Transport> {
        ArchiveServiceClient::new(self.transport.clone())
    }
}

pub(crate) fn archive_head(name: &str) -> proto::CreateArchiveRequest {
    let name = name.to_owned();
    proto::CreateArchiveRequest {
        part: Some(create_archive_request::Part::Header(proto::ArchiveHeader {
            name,
        })),
    }
}

pub(crate) fn archive_chunk(bytes: &[u8]) -> proto::CreateArchiveRequest {
    proto::CreateArchiveRequest {
        part: Some(create_archive_request::Part::Chunk(Bytes::copy_from_slice(
            bytes,
        ))),
    }
}
