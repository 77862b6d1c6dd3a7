//! Somebody who calls images.

use std::{future::Future, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _, stream};
use pupila_core::Caller;
use pupila_proto::images::v1::{
    self as proto, create_image_request, image_service_client::ImageServiceClient,
    put_avatar_request, read_content_response, read_rendition_response,
};
use pupila_runtime::{context::RequestContext, rpc::RpcError, transport::Transport};
use tonic::{Request, Response, Status};

use crate::download::{Piece, Read, read};

pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes of a piece of an upload.
const PIECE: usize = 50_000;

/// Somebody who calls images.
#[derive(Clone)]
pub(crate) struct TestUser {
    /// Their id; an album's for guests.
    pub(crate) id: String,
    pub(crate) context: RequestContext,
    pub(crate) transport: Transport,
    client: ImageServiceClient<Transport>,
}

pub(crate) type Answer<T> = Result<T, RpcError>;

impl TestUser {
    pub(crate) fn new(caller: Caller, context: RequestContext, transport: Transport) -> Self {
        let id = match caller {
            Caller::User(user) => user.id.to_string(),
            Caller::Guest(guest) => guest.album.to_string(),
            Caller::Service(name) => name,
            Caller::Nobody => String::new(),
        };
        Self {
            id,
            context,
            client: ImageServiceClient::new(transport.clone()),
            transport,
        }
    }

    pub(crate) async fn upload(&self, bytes: impl AsRef<[u8]>) -> Answer<proto::Image> {
        self.upload_as(header("picture.bmp"), bytes).await
    }

    pub(crate) async fn upload_as(
        &self,
        header: proto::ImageHeader,
        bytes: impl AsRef<[u8]>,
    ) -> Answer<proto::Image> {
        self.upload_parts(stream::iter(parts(header, bytes.as_ref())))
            .await
    }

    /// An upload whose pieces are of the test's making.
    pub(crate) async fn upload_parts(
        &self,
        parts: impl Stream<Item = proto::CreateImageRequest> + Send + 'static,
    ) -> Answer<proto::Image> {
        let request = self.context.call(parts, TIMEOUT);
        let answer = self.client.clone().create_image(request).await?;
        Ok(answer.into_inner().image.expect("an image"))
    }

    pub(crate) async fn get(&self, id: &str) -> Answer<proto::Image> {
        let request = proto::GetImageRequest { id: id.to_owned() };
        let answer = self.call(request, async |mut client, call| {
            client.get_image(call).await
        });
        Ok(answer.await?.image.expect("an image"))
    }

    pub(crate) async fn batch(
        &self,
        request: proto::BatchGetImagesRequest,
    ) -> Answer<Vec<proto::Image>> {
        let answer = self.call(request, async |mut client, call| {
            client.batch_get_images(call).await
        });
        Ok(answer.await?.images)
    }

    pub(crate) async fn list(
        &self,
        request: proto::ListImagesRequest,
    ) -> Answer<proto::ListImagesResponse> {
        let list = async |mut client: ImageServiceClient<_>, call| client.list_images(call).await;
        self.call(request, list).await
    }

    pub(crate) async fn update(&self, request: proto::UpdateImageRequest) -> Answer<proto::Image> {
        let answer = self.call(request, async |mut client, call| {
            client.update_image(call).await
        });
        Ok(answer.await?.image.expect("an image"))
    }

    pub(crate) async fn delete(&self, id: &str) -> Answer<()> {
        self.delete_at(id, None).await
    }

    pub(crate) async fn delete_at(&self, id: &str, revision: Option<i64>) -> Answer<()> {
        let request = proto::DeleteImageRequest {
            id: id.to_owned(),
            expected_revision: revision,
        };
        let answer = self.call(request, async |mut client, call| {
            client.delete_image(call).await
        });
        answer.await.map(drop)
    }

    /// All the bytes of an image.
    pub(crate) async fn content(&self, id: &str) -> Answer<Read<proto::Image>> {
        self.content_part(id, 0, None).await
    }

    pub(crate) async fn content_part(
        &self,
        id: &str,
        offset: u64,
        length: Option<u64>,
    ) -> Answer<Read<proto::Image>> {
        use read_content_response::Part;
        let request = proto::ReadContentRequest {
            id: id.to_owned(),
            offset,
            length,
        };
        let call = self.context.stream(request);
        let parts = self.client.clone().read_content(call).await?.into_inner();
        read(parts.map_ok(|message| match message.part {
            Some(Part::Header(header)) => Piece::Header(Box::new(header)),
            Some(Part::Chunk(chunk)) => Piece::Chunk(chunk),
            None => panic!("an empty part"),
        }))
        .await
    }

    pub(crate) async fn rendition(
        &self,
        request: proto::ReadRenditionRequest,
    ) -> Answer<Read<proto::RenditionHeader>> {
        use read_rendition_response::Part;
        let call = self.context.stream(request);
        let parts = self.client.clone().read_rendition(call).await?;
        read(parts.into_inner().map_ok(|message| match message.part {
            Some(Part::Header(header)) => Piece::Header(Box::new(header)),
            Some(Part::Chunk(chunk)) => Piece::Chunk(chunk),
            None => panic!("an empty part"),
        }))
        .await
    }

    /// A rendition of which nothing is read yet.
    pub(crate) async fn open_rendition(
        &self,
        request: proto::ReadRenditionRequest,
    ) -> Answer<tonic::Streaming<proto::ReadRenditionResponse>> {
        let call = self.context.stream(request);
        let parts = self.client.clone().read_rendition(call).await?;
        Ok(parts.into_inner())
    }

    pub(crate) async fn put_avatar(&self, bytes: impl AsRef<[u8]>) -> Answer<proto::Image> {
        use create_image_request::Part as From;
        use put_avatar_request::Part as To;
        let parts = parts(header("me.bmp"), bytes.as_ref()).into_iter();
        let parts: Vec<_> = parts
            .map(|message| proto::PutAvatarRequest {
                part: message.part.map(|part| match part {
                    From::Header(header) => To::Header(header),
                    From::Chunk(chunk) => To::Chunk(chunk),
                }),
            })
            .collect();
        let request = self.context.call(stream::iter(parts), TIMEOUT);
        let answer = self.client.clone().put_avatar(request).await?;
        Ok(answer.into_inner().image.expect("an image"))
    }

    pub(crate) async fn avatar(&self) -> Answer<proto::Image> {
        let answer = self.call(proto::GetAvatarRequest {}, async |mut client, call| {
            client.get_avatar(call).await
        });
        Ok(answer.await?.image.expect("an image"))
    }

    pub(crate) async fn delete_avatar(&self) -> Answer<()> {
        let answer = self.call(proto::DeleteAvatarRequest {}, async |mut client, call| {
            client.delete_avatar(call).await
        });
        answer.await.map(drop)
    }

    pub(crate) async fn usage(&self) -> Answer<proto::Usage> {
        let answer = self.call(proto::GetUsageRequest {}, async |mut client, call| {
            client.get_usage(call).await
        });
        Ok(answer.await?.usage.expect("a usage"))
    }

    pub(crate) async fn usage_of(&self, user: &Self) -> Answer<proto::Usage> {
        let request = proto::GetUserUsageRequest {
            user_id: user.id.clone(),
        };
        let answer = self.call(request, async |mut client, call| {
            client.get_user_usage(call).await
        });
        Ok(answer.await?.usage.expect("a usage"))
    }

    pub(crate) async fn set_quota(&self, user: &Self, bytes: Option<u64>) -> Answer<proto::Usage> {
        let request = proto::SetQuotaRequest {
            user_id: user.id.clone(),
            quota_bytes: bytes,
        };
        let answer = self.call(request, async |mut client, call| {
            client.set_quota(call).await
        });
        Ok(answer.await?.usage.expect("a usage"))
    }

    pub(crate) async fn sweep(&self) -> Answer<proto::SweepStorageResponse> {
        let sweep =
            async |mut client: ImageServiceClient<_>, call| client.sweep_storage(call).await;
        self.call(proto::SweepStorageRequest {}, sweep).await
    }

    pub(crate) async fn erase(&self, user: &Self) -> Answer<()> {
        let request = proto::EraseUserRequest {
            user_id: user.id.clone(),
        };
        let answer = self.call(request, async |mut client, call| {
            client.erase_user(call).await
        });
        answer.await.map(drop)
    }

    async fn call<M, R, F>(
        &self,
        message: M,
        method: impl FnOnce(ImageServiceClient<Transport>, Request<M>) -> F,
    ) -> Answer<R>
    where
        F: Future<Output = Result<Response<R>, Status>>,
    {
        let request = self.context.call(message, TIMEOUT);
        let answer = method(self.client.clone(), request).await?;
        Ok(answer.into_inner())
    }
}

pub(crate) fn header(name: &str) -> proto::ImageHeader {
    proto::ImageHeader {
        name: name.to_owned(),
        ..Default::default()
    }
}

/// An upload, as a client cuts it.
pub(crate) fn parts(header: proto::ImageHeader, bytes: &[u8]) -> Vec<proto::CreateImageRequest> {
    let chunks = bytes.chunks(PIECE).map(chunk);
    [head(header)].into_iter().chain(chunks).collect()
}

pub(crate) fn head(header: proto::ImageHeader) -> proto::CreateImageRequest {
    proto::CreateImageRequest {
        part: Some(create_image_request::Part::Header(header)),
    }
}

pub(crate) fn chunk(bytes: &[u8]) -> proto::CreateImageRequest {
    proto::CreateImageRequest {
        part: Some(create_image_request::Part::Chunk(Bytes::copy_from_slice(
            bytes,
        ))),
    }
}
