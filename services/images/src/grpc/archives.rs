//! Archives over gRPC: translates messages, decides nothing.

use futures_util::{StreamExt as _, stream::BoxStream};
use pupila_proto::images::v1::{
    self as proto, archive_service_server::ArchiveService as ArchiveApi,
};
use pupila_runtime::rpc::into_status;
use tonic::{Request, Response, Status, Streaming};

use super::{decode, encode, user};
use crate::archives::Archives;

/// `pupila.images.v1.ArchiveService`.
pub(crate) struct ArchiveService(pub(crate) Archives);

#[tonic::async_trait]
impl ArchiveApi for ArchiveService {
    type ReadArchiveStream = BoxStream<'static, Result<proto::ReadArchiveResponse, Status>>;

    async fn create_archive(
        &self,
        request: Request<Streaming<proto::CreateArchiveRequest>>,
    ) -> Result<Response<proto::CreateArchiveResponse>, Status> {
        let owner = user(request.extensions())?;
        let parts = request.into_inner();
        let parts = parts.map(|message| message.map(decode::archive_part));
        let archive = self.0.create(owner, parts).await.map_err(into_status)?;
        let archive = Some(encode::archive(archive));
        Ok(Response::new(proto::CreateArchiveResponse { archive }))
    }

    async fn read_archive(
        &self,
        request: Request<proto::ReadArchiveRequest>,
    ) -> Result<Response<Self::ReadArchiveStream>, Status> {
        let owner = user(request.extensions())?;
        let id = decode::archive_id(&request.into_inner().id).map_err(into_status)?;
        let (archive, bytes) = self.0.read(owner, id).await.map_err(into_status)?;
        let content = encode::archive_content(archive, bytes);
        Ok(Response::new(content.boxed()))
    }

    async fn delete_archive(
        &self,
        request: Request<proto::DeleteArchiveRequest>,
    ) -> Result<Response<proto::DeleteArchiveResponse>, Status> {
        let owner = user(request.extensions())?;
        let id = decode::archive_id(&request.into_inner().id).map_err(into_status)?;
        self.0.delete(owner, id).await.map_err(into_status)?;
        Ok(Response::new(proto::DeleteArchiveResponse {}))
    }
}
