//! Albums over gRPC: translates messages, decides nothing.

mod decode;
mod encode;

use std::sync::Arc;

use pupila_db::Dialect;
use pupila_proto::accounts::v1::{self as proto, album_service_server::AlbumService as AlbumApi};
use pupila_runtime::{identity, rpc};
use tonic::{Request, Response, Status};

use super::{AlbumError, Albums};
use crate::{accounts::Accounts, origin::Origin};

/// `pupila.accounts.v1.AlbumService`.
pub(crate) struct AlbumService<DB: Dialect>(Albums<DB>);

impl<DB: Dialect> AlbumService<DB> {
    /// The service over the albums of `accounts`.
    pub(crate) fn new(accounts: Arc<Accounts<DB>>) -> Self {
        Self(Albums::new(accounts))
    }

    fn origin<T>(&self, request: &Request<T>) -> Result<Origin, Status> {
        let call = identity::call(request.extensions())?;
        Ok(Origin::of(call, self.0.now()))
    }
}

impl From<AlbumError> for Status {
    fn from(error: AlbumError) -> Self {
        rpc::into_status(error)
    }
}

#[tonic::async_trait]
impl<DB: Dialect> AlbumApi for AlbumService<DB> {
    async fn create_album(
        &self,
        request: Request<proto::CreateAlbumRequest>,
    ) -> Result<Response<proto::CreateAlbumResponse>, Status> {
        let owner = identity::user(request.extensions())?.id;
        let (new, once) = decode::new_album(request.into_inner())?;
        let album = Some(encode::album(self.0.create(owner, new, once).await?));
        Ok(Response::new(proto::CreateAlbumResponse { album }))
    }

    async fn get_album(
        &self,
        request: Request<proto::GetAlbumRequest>,
    ) -> Result<Response<proto::GetAlbumResponse>, Status> {
        let reader = decode::reader(request.extensions())?;
        let id = decode::id("id", &request.get_ref().id)?;
        let album = Some(encode::album(self.0.get(reader, id).await?));
        Ok(Response::new(proto::GetAlbumResponse { album }))
    }

    async fn list_albums(
        &self,
        request: Request<proto::ListAlbumsRequest>,
    ) -> Result<Response<proto::ListAlbumsResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let page = decode::page(request.page_size, &request.page_token)?;
        let listing = self.0.list(user, page).await?;
        Ok(Response::new(encode::albums(listing)))
    }

    async fn update_album(
        &self,
        request: Request<proto::UpdateAlbumRequest>,
    ) -> Result<Response<proto::UpdateAlbumResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let id = decode::id("id", &request.id)?;
        let expected = decode::revision(request.expected_revision);
        let change = decode::change(request)?;
        let album = self.0.update(user, id, change, expected).await?;
        let album = Some(encode::album(album));
        Ok(Response::new(proto::UpdateAlbumResponse { album }))
    }

    async fn delete_album(
        &self,
        request: Request<proto::DeleteAlbumRequest>,
    ) -> Result<Response<proto::DeleteAlbumResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let origin = self.origin(&request)?;
        let request = request.into_inner();
        let id = decode::id("id", &request.id)?;
        let expected = decode::revision(request.expected_revision);
        self.0.delete(user, id, expected, &origin).await?;
        Ok(Response::new(proto::DeleteAlbumResponse {}))
    }

    async fn add_images(
        &self,
        request: Request<proto::AddImagesRequest>,
    ) -> Result<Response<proto::AddImagesResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let images = decode::ids("image_ids", &request.image_ids)?;
        let album = Some(encode::album(self.0.add_images(user, id, images).await?));
        Ok(Response::new(proto::AddImagesResponse { album }))
    }

    async fn remove_image(
        &self,
        request: Request<proto::RemoveImageRequest>,
    ) -> Result<Response<proto::RemoveImageResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let image = decode::id("image_id", &request.image_id)?;
        self.0.remove_image(user, id, image).await?;
        Ok(Response::new(proto::RemoveImageResponse {}))
    }

    async fn move_image(
        &self,
        request: Request<proto::MoveImageRequest>,
    ) -> Result<Response<proto::MoveImageResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let image = decode::id("image_id", &request.image_id)?;
        let after = decode::optional_id("after_image_id", &request.after_image_id)?;
        self.0.move_image(user, id, image, after).await?;
        Ok(Response::new(proto::MoveImageResponse {}))
    }

    async fn list_album_images(
        &self,
        request: Request<proto::ListAlbumImagesRequest>,
    ) -> Result<Response<proto::ListAlbumImagesResponse>, Status> {
        let reader = decode::reader(request.extensions())?;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let page = decode::page(request.page_size, &request.page_token)?;
        let only = decode::ids("image_ids", &request.image_ids)?;
        let listing = self.0.list_images(reader, id, &only, page).await?;
        Ok(Response::new(encode::images(listing)))
    }

    async fn list_members(
        &self,
        request: Request<proto::ListMembersRequest>,
    ) -> Result<Response<proto::ListMembersResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let page = decode::page(request.page_size, &request.page_token)?;
        let listing = self.0.list_members(user, id, page).await?;
        Ok(Response::new(encode::members(listing)))
    }

    async fn add_member(
        &self,
        request: Request<proto::AddMemberRequest>,
    ) -> Result<Response<proto::AddMemberResponse>, Status> {
        let user = identity::user(request.extensions())?.clone();
        let origin = self.origin(&request)?;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let (email, role) = decode::new_member(&request)?;
        let member = self.0.add_member(&user, id, &email, role, &origin).await?;
        let member = Some(encode::member(member));
        Ok(Response::new(proto::AddMemberResponse { member }))
    }

    async fn remove_member(
        &self,
        request: Request<proto::RemoveMemberRequest>,
    ) -> Result<Response<proto::RemoveMemberResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let origin = self.origin(&request)?;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let which = decode::which_member(&request.member_id)?;
        self.0.remove_member(user, id, which, &origin).await?;
        Ok(Response::new(proto::RemoveMemberResponse {}))
    }

    async fn list_links(
        &self,
        request: Request<proto::ListLinksRequest>,
    ) -> Result<Response<proto::ListLinksResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let page = decode::page(request.page_size, &request.page_token)?;
        let listing = self.0.list_links(user, id, page).await?;
        Ok(Response::new(encode::links(listing)))
    }

    async fn create_link(
        &self,
        request: Request<proto::CreateLinkRequest>,
    ) -> Result<Response<proto::CreateLinkResponse>, Status> {
        let user = identity::user(request.extensions())?.clone();
        let origin = self.origin(&request)?;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let (new, once) = decode::new_link(id, request)?;
        let (link, link_token) = self.0.create_link(&user, id, new, once, &origin).await?;
        let link = Some(encode::link(link));
        Ok(Response::new(proto::CreateLinkResponse {
            link,
            link_token,
        }))
    }

    async fn delete_link(
        &self,
        request: Request<proto::DeleteLinkRequest>,
    ) -> Result<Response<proto::DeleteLinkResponse>, Status> {
        let user = identity::user(request.extensions())?.id;
        let origin = self.origin(&request)?;
        let request = request.into_inner();
        let id = decode::id("album_id", &request.album_id)?;
        let link = decode::id("link_id", &request.link_id)?;
        self.0.delete_link(user, id, link, &origin).await?;
        Ok(Response::new(proto::DeleteLinkResponse {}))
    }

    async fn check_shares(
        &self,
        request: Request<proto::CheckSharesRequest>,
    ) -> Result<Response<proto::CheckSharesResponse>, Status> {
        let reader = decode::reader(request.extensions())?;
        let images = decode::owned_images(&request.get_ref().images)?;
        let shared = self.0.check_shares(reader, &images).await?;
        let image_ids = shared.iter().map(ToString::to_string).collect();
        Ok(Response::new(proto::CheckSharesResponse { image_ids }))
    }

    async fn forget_images(
        &self,
        request: Request<proto::ForgetImagesRequest>,
    ) -> Result<Response<proto::ForgetImagesResponse>, Status> {
        let images = decode::ids("image_ids", &request.get_ref().image_ids)?;
        self.0.forget_images(&images).await?;
        Ok(Response::new(proto::ForgetImagesResponse {}))
    }
}
