//! Those who call, and what they can ask of albums.

use std::time::Duration;

use jiff::Timestamp;
use pupila_core::{Clock as _, ImageId, RequestId, SystemClock};
use pupila_proto::accounts::v1::{self as proto, album_service_client::AlbumServiceClient};
use pupila_runtime::{
    context::RequestContext, identity::Credential, rpc::RpcError, transport::Transport,
};

pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// Somebody who calls with a token: a user, a guest or a service.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) client: AlbumServiceClient<Transport>,
    pub(crate) context: RequestContext,
    /// A user's id.
    pub(crate) id: String,
    /// A user's address.
    pub(crate) email: String,
}

/// A request with a token, or without one.
pub(crate) fn context(token: Option<&str>) -> RequestContext {
    RequestContext {
        request_id: RequestId::accept("req-1").expect("plain"),
        credential: token.map_or(Credential::NONE, Credential::bearer),
        address: None,
    }
}

/// A new image's id.
pub(crate) fn image() -> ImageId {
    ImageId::new(SystemClock.now())
}

pub(crate) fn images<const N: usize>() -> [ImageId; N] {
    std::array::from_fn(|_| image())
}

pub(crate) fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.as_second(),
        nanos: time.subsec_nanosecond(),
    }
}

macro_rules! calls {
    ($($method:ident($request:ident) -> $response:ident;)+) => {
        /// The calls as they are.
        impl Caller {
            $(pub(crate) async fn $method(
                &self,
                message: proto::$request,
            ) -> Result<proto::$response, RpcError> {
                let request = self.context.call(message, TIMEOUT);
                Ok(self.client.clone().$method(request).await?.into_inner())
            })+
        }
    };
}

calls! {
    create_album(CreateAlbumRequest) -> CreateAlbumResponse;
    get_album(GetAlbumRequest) -> GetAlbumResponse;
    list_albums(ListAlbumsRequest) -> ListAlbumsResponse;
    update_album(UpdateAlbumRequest) -> UpdateAlbumResponse;
    delete_album(DeleteAlbumRequest) -> DeleteAlbumResponse;
    add_images(AddImagesRequest) -> AddImagesResponse;
    remove_image(RemoveImageRequest) -> RemoveImageResponse;
    move_image(MoveImageRequest) -> MoveImageResponse;
    list_album_images(ListAlbumImagesRequest) -> ListAlbumImagesResponse;
    list_members(ListMembersRequest) -> ListMembersResponse;
    add_member(AddMemberRequest) -> AddMemberResponse;
    remove_member(RemoveMemberRequest) -> RemoveMemberResponse;
    list_links(ListLinksRequest) -> ListLinksResponse;
    create_link(CreateLinkRequest) -> CreateLinkResponse;
    delete_link(DeleteLinkRequest) -> DeleteLinkResponse;
    check_shares(CheckSharesRequest) -> CheckSharesResponse;
    forget_images(ForgetImagesRequest) -> ForgetImagesResponse;
}

/// The calls as stories tell them.
impl Caller {
    pub(crate) fn new(transport: &Transport, token: &str) -> Self {
        Self {
            client: AlbumServiceClient::new(transport.clone()),
            context: context(Some(token)),
            id: String::new(),
            email: String::new(),
        }
    }

    pub(crate) async fn album(&self, name: &str) -> proto::Album {
        let message = proto::CreateAlbumRequest {
            name: name.to_owned(),
            ..Default::default()
        };
        let made = self.create_album(message).await.expect("made");
        made.album.expect("an album")
    }

    pub(crate) async fn get(&self, album: &proto::Album) -> Result<proto::Album, RpcError> {
        let id = album.id.clone();
        let found = self.get_album(proto::GetAlbumRequest { id }).await?;
        Ok(found.album.expect("an album"))
    }

    pub(crate) async fn delete(&self, album: &proto::Album) -> Result<(), RpcError> {
        let message = proto::DeleteAlbumRequest {
            id: album.id.clone(),
            expected_revision: None,
        };
        self.delete_album(message).await.map(drop)
    }

    pub(crate) async fn add(
        &self,
        album: &proto::Album,
        images: &[ImageId],
    ) -> Result<proto::Album, RpcError> {
        let message = proto::AddImagesRequest {
            album_id: album.id.clone(),
            image_ids: images.iter().map(ToString::to_string).collect(),
        };
        let added = self.add_images(message).await?;
        Ok(added.album.expect("an album"))
    }

    pub(crate) async fn remove(
        &self,
        album: &proto::Album,
        image: ImageId,
    ) -> Result<(), RpcError> {
        let message = proto::RemoveImageRequest {
            album_id: album.id.clone(),
            image_id: image.to_string(),
        };
        self.remove_image(message).await.map(drop)
    }

    /// Moves an image behind `after`, or to the front.
    pub(crate) async fn put(
        &self,
        album: &proto::Album,
        image: ImageId,
        after: Option<ImageId>,
    ) -> Result<(), RpcError> {
        let after = after.map(|image| image.to_string());
        let message = proto::MoveImageRequest {
            album_id: album.id.clone(),
            image_id: image.to_string(),
            after_image_id: after.unwrap_or_default(),
        };
        self.move_image(message).await.map(drop)
    }

    /// A page of an album's images.
    pub(crate) async fn places(
        &self,
        album: &proto::Album,
    ) -> Result<Vec<proto::AlbumImage>, RpcError> {
        let message = proto::ListAlbumImagesRequest {
            album_id: album.id.clone(),
            page_size: 200,
            ..Default::default()
        };
        Ok(self.list_album_images(message).await?.images)
    }

    /// The first images of an album, in its order.
    pub(crate) async fn order(&self, album: &proto::Album) -> Vec<ImageId> {
        let places = self.places(album).await.expect("listed");
        let ids = places.iter().map(|place| place.image_id.parse());
        ids.collect::<Result<_, _>>().expect("ids")
    }

    pub(crate) async fn invite(
        &self,
        album: &proto::Album,
        email: &str,
        role: proto::AlbumRole,
    ) -> Result<proto::Member, RpcError> {
        let message = proto::AddMemberRequest {
            album_id: album.id.clone(),
            email: email.to_owned(),
            role: role.into(),
        };
        let added = self.add_member(message).await?;
        Ok(added.member.expect("a member"))
    }

    /// Ends the membership `member`, or one's own, `me`.
    pub(crate) async fn expel(&self, album: &proto::Album, member: &str) -> Result<(), RpcError> {
        let message = proto::RemoveMemberRequest {
            album_id: album.id.clone(),
            member_id: member.to_owned(),
        };
        self.remove_member(message).await.map(drop)
    }

    pub(crate) async fn members(
        &self,
        album: &proto::Album,
    ) -> Result<Vec<proto::Member>, RpcError> {
        let message = proto::ListMembersRequest {
            album_id: album.id.clone(),
            ..Default::default()
        };
        Ok(self.list_members(message).await?.members)
    }

    /// A link without a password that does not end, and its token.
    pub(crate) async fn link(&self, album: &proto::Album) -> (proto::Link, String) {
        let message = proto::CreateLinkRequest {
            album_id: album.id.clone(),
            ..Default::default()
        };
        let made = self.create_link(message).await.expect("made");
        (made.link.expect("a link"), made.link_token)
    }

    pub(crate) async fn links(&self, album: &proto::Album) -> Result<Vec<proto::Link>, RpcError> {
        let message = proto::ListLinksRequest {
            album_id: album.id.clone(),
            ..Default::default()
        };
        Ok(self.list_links(message).await?.links)
    }

    pub(crate) async fn unlink(
        &self,
        album: &proto::Album,
        link: &proto::Link,
    ) -> Result<(), RpcError> {
        let message = proto::DeleteLinkRequest {
            album_id: album.id.clone(),
            link_id: link.id.clone(),
        };
        self.delete_link(message).await.map(drop)
    }

    /// Those of the images, all of one owner, that are shared with the caller.
    pub(crate) async fn shared(&self, owner: &Self, images: &[ImageId]) -> Vec<ImageId> {
        let owned = images.iter().map(|image| proto::OwnedImage {
            image_id: image.to_string(),
            owner: owner.id.clone(),
        });
        let images = owned.collect();
        let answer = self
            .check_shares(proto::CheckSharesRequest { images })
            .await;
        let ids = answer.expect("answered").image_ids;
        ids.iter().map(|id| id.parse().expect("an id")).collect()
    }
}
