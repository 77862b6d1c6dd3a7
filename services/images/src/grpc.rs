//! Images over gRPC: translates messages, decides nothing.

mod archives;
mod decode;
mod encode;
mod pieces;

use std::sync::Arc;

use futures_util::{StreamExt as _, stream::BoxStream};
use pupila_core::{Page, UserId};
use pupila_proto::images::v1::{self as proto, image_service_server::ImageService as ImageApi};
use pupila_runtime::{
    identity::{self, Call},
    rpc::into_status,
};
use tonic::{Extensions, Request, Response, Status, Streaming};

use crate::{
    ImagesError,
    budget::Budget,
    content::{Contents, Span},
    gallery::Gallery,
    image::Purpose,
    library::{Changes, Library},
    renditions::Renditions,
    sweeper::Sweeper,
    upload::{self, Header, Part},
};

pub(crate) use archives::ArchiveService;

/// `pupila.images.v1.ImageService`. Its clones share everything.
#[derive(Clone)]
pub(crate) struct ImageService(Arc<Rooms>);

/// What answers calls.
pub(crate) struct Rooms {
    pub(crate) library: Library,
    pub(crate) gallery: Gallery,
    pub(crate) contents: Contents,
    pub(crate) renditions: Renditions,
    pub(crate) sweeper: Arc<Sweeper>,
    pub(crate) budget: Budget,
    /// Most bytes of a file.
    pub(crate) max_image_bytes: u64,
}

impl ImageService {
    pub(crate) fn new(rooms: Rooms) -> Self {
        Self(Arc::new(rooms))
    }

    async fn receive<M: Send + 'static>(
        &self,
        owner: UserId,
        stream: Streaming<M>,
        part: fn(M) -> Option<Part<Header>>,
    ) -> Result<upload::Upload, ImagesError> {
        let parts = stream.map(|message| message.map(part));
        let budget = self.0.budget.of(owner);
        upload::receive(parts, &budget, self.0.max_image_bytes).await
    }
}

/// The call that a request is.
fn call(extensions: &Extensions) -> Result<Call, Status> {
    identity::call(extensions).cloned()
}

/// The user who makes a call.
fn user(extensions: &Extensions) -> Result<UserId, Status> {
    identity::user(extensions).map(|user| user.id)
}

#[tonic::async_trait]
impl ImageApi for ImageService {
    type ReadContentStream = BoxStream<'static, Result<proto::ReadContentResponse, Status>>;
    type ReadRenditionStream = BoxStream<'static, Result<proto::ReadRenditionResponse, Status>>;

    async fn create_image(
        &self,
        request: Request<Streaming<proto::CreateImageRequest>>,
    ) -> Result<Response<proto::CreateImageResponse>, Status> {
        let owner = user(request.extensions())?;
        let upload = self.receive(owner, request.into_inner(), decode::create_part);
        let upload = upload.await.map_err(into_status)?;
        let image = self.0.library.create(owner, Purpose::Library, upload);
        let image = Some(encode::image(image.await.map_err(into_status)?));
        Ok(Response::new(proto::CreateImageResponse { image }))
    }

    async fn get_image(
        &self,
        request: Request<proto::GetImageRequest>,
    ) -> Result<Response<proto::GetImageResponse>, Status> {
        let call = call(request.extensions())?;
        let id = decode::image_id(&request.into_inner().id).map_err(into_status)?;
        let seen = self.0.gallery.one(&call, id).await.map_err(into_status)?;
        let image = Some(encode::image(seen.into_shown()));
        Ok(Response::new(proto::GetImageResponse { image }))
    }

    async fn batch_get_images(
        &self,
        request: Request<proto::BatchGetImagesRequest>,
    ) -> Result<Response<proto::BatchGetImagesResponse>, Status> {
        let call = call(request.extensions())?;
        let request = request.into_inner();
        let ids = decode::image_ids(&request.ids).map_err(into_status)?;
        let filter = decode::filter(request.filter).map_err(into_status)?;
        let seen = self.0.gallery.some(&call, &ids, &filter);
        let seen = seen.await.map_err(into_status)?.into_iter();
        let images = seen.map(|seen| encode::image(seen.into_shown())).collect();
        Ok(Response::new(proto::BatchGetImagesResponse { images }))
    }

    async fn list_images(
        &self,
        request: Request<proto::ListImagesRequest>,
    ) -> Result<Response<proto::ListImagesResponse>, Status> {
        let owner = user(request.extensions())?;
        let request = request.into_inner();
        let filter = decode::filter(request.filter).map_err(into_status)?;
        let page = Page::new(request.page_size, &request.page_token).map_err(into_status)?;
        let listing = self.0.library.list(owner, &filter, page);
        let listing = listing.await.map_err(into_status)?;
        Ok(Response::new(encode::listing(listing)))
    }

    async fn update_image(
        &self,
        request: Request<proto::UpdateImageRequest>,
    ) -> Result<Response<proto::UpdateImageResponse>, Status> {
        let owner = user(request.extensions())?;
        let request = request.into_inner();
        let id = decode::image_id(&request.id).map_err(into_status)?;
        let expected = decode::revision(request.expected_revision);
        let changes = Changes {
            name: request.name,
            description: request.description,
        };
        let image = self.0.library.update(owner, id, &changes, expected);
        let image = Some(encode::image(image.await.map_err(into_status)?));
        Ok(Response::new(proto::UpdateImageResponse { image }))
    }

    async fn delete_image(
        &self,
        request: Request<proto::DeleteImageRequest>,
    ) -> Result<Response<proto::DeleteImageResponse>, Status> {
        let owner = user(request.extensions())?;
        let request = request.into_inner();
        let id = decode::image_id(&request.id).map_err(into_status)?;
        let expected = decode::revision(request.expected_revision);
        let deleted = self.0.library.delete(owner, id, expected).await;
        deleted.map_err(into_status)?;
        Ok(Response::new(proto::DeleteImageResponse {}))
    }

    async fn read_content(
        &self,
        request: Request<proto::ReadContentRequest>,
    ) -> Result<Response<Self::ReadContentStream>, Status> {
        let call = call(request.extensions())?;
        let request = request.into_inner();
        let id = decode::image_id(&request.id).map_err(into_status)?;
        let span = Span {
            offset: request.offset,
            length: request.length,
        };
        let seen = self.0.gallery.one(&call, id).await.map_err(into_status)?;
        let content = self.0.contents.read(seen, span).await;
        let content = encode::content(content.map_err(into_status)?);
        Ok(Response::new(content.boxed()))
    }

    async fn read_rendition(
        &self,
        request: Request<proto::ReadRenditionRequest>,
    ) -> Result<Response<Self::ReadRenditionStream>, Status> {
        let call = call(request.extensions())?;
        let request = request.into_inner();
        let id = decode::image_id(&request.id).map_err(into_status)?;
        let order = decode::order(request).map_err(into_status)?;
        let seen = self.0.gallery.one(&call, id).await.map_err(into_status)?;
        let rendition = self.0.renditions.read(seen.image(), &order).await;
        let rendition = encode::rendition(rendition.map_err(into_status)?);
        Ok(Response::new(rendition.boxed()))
    }

    async fn put_avatar(
        &self,
        request: Request<Streaming<proto::PutAvatarRequest>>,
    ) -> Result<Response<proto::PutAvatarResponse>, Status> {
        let owner = user(request.extensions())?;
        let upload = self.receive(owner, request.into_inner(), decode::avatar_part);
        let upload = upload.await.map_err(into_status)?;
        let image = self.0.library.create(owner, Purpose::Avatar, upload);
        let image = Some(encode::image(image.await.map_err(into_status)?));
        Ok(Response::new(proto::PutAvatarResponse { image }))
    }

    async fn get_avatar(
        &self,
        request: Request<proto::GetAvatarRequest>,
    ) -> Result<Response<proto::GetAvatarResponse>, Status> {
        let owner = user(request.extensions())?;
        let avatar = self.0.library.avatar(owner).await.map_err(into_status)?;
        let image = Some(encode::image(avatar));
        Ok(Response::new(proto::GetAvatarResponse { image }))
    }

    async fn delete_avatar(
        &self,
        request: Request<proto::DeleteAvatarRequest>,
    ) -> Result<Response<proto::DeleteAvatarResponse>, Status> {
        let owner = user(request.extensions())?;
        let deleted = self.0.library.delete_avatar(owner).await;
        deleted.map_err(into_status)?;
        Ok(Response::new(proto::DeleteAvatarResponse {}))
    }

    async fn get_usage(
        &self,
        request: Request<proto::GetUsageRequest>,
    ) -> Result<Response<proto::GetUsageResponse>, Status> {
        let owner = user(request.extensions())?;
        let usage = self.0.library.usage(owner).await.map_err(into_status)?;
        let usage = Some(encode::usage(usage));
        Ok(Response::new(proto::GetUsageResponse { usage }))
    }

    async fn get_user_usage(
        &self,
        request: Request<proto::GetUserUsageRequest>,
    ) -> Result<Response<proto::GetUserUsageResponse>, Status> {
        let owner = decode::user_id(&request.into_inner().user_id).map_err(into_status)?;
        let usage = self.0.library.usage(owner).await.map_err(into_status)?;
        let usage = Some(encode::usage(usage));
        Ok(Response::new(proto::GetUserUsageResponse { usage }))
    }

    async fn set_quota(
        &self,
        request: Request<proto::SetQuotaRequest>,
    ) -> Result<Response<proto::SetQuotaResponse>, Status> {
        let request = request.into_inner();
        let owner = decode::user_id(&request.user_id).map_err(into_status)?;
        let usage = self.0.library.set_quota(owner, request.quota_bytes).await;
        let usage = Some(encode::usage(usage.map_err(into_status)?));
        Ok(Response::new(proto::SetQuotaResponse { usage }))
    }

    async fn sweep_storage(
        &self,
        _: Request<proto::SweepStorageRequest>,
    ) -> Result<Response<proto::SweepStorageResponse>, Status> {
        let findings = self.0.sweeper.sweep().await.map_err(into_status)?;
        Ok(Response::new(encode::findings(findings)))
    }

    async fn erase_user(
        &self,
        request: Request<proto::EraseUserRequest>,
    ) -> Result<Response<proto::EraseUserResponse>, Status> {
        let owner = decode::user_id(&request.into_inner().user_id).map_err(into_status)?;
        self.0.library.erase(owner).await.map_err(into_status)?;
        Ok(Response::new(proto::EraseUserResponse {}))
    }
}
