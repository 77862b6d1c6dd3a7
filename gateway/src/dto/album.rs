//! Albums, their images, members and share links.

use pupila_core::Revision;
use pupila_proto::accounts::v1 as proto;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    image::Image,
    present,
    time::{self, to_rfc3339},
};
use crate::response::Revised;

/// An album.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Album {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: String,
    /// The user who owns it.
    #[schema(value_type = uuid::Uuid)]
    owner: String,
    /// Its name.
    #[schema(example = "Ward 7")]
    pub(crate) name: String,
    /// What it is about; may be empty.
    description: String,
    /// The image shown for it; null for none.
    #[schema(required, value_type = Option<uuid::Uuid>)]
    cover_image_id: Option<String>,
    /// How many images it has.
    image_count: u64,
    /// What the caller may do with it.
    role: AlbumRole,
    /// When it was made, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    create_time: String,
    /// When it or its images changed last, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    update_time: String,
    /// Counts the changes of name, description or cover; the `ETag` says the same.
    revision: i64,
}

/// What somebody may do with an album.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AlbumRole {
    /// See it.
    Viewer,
    /// Also change it and its images.
    Editor,
    /// Also delete and share it.
    Owner,
}

/// What a member may do with an album.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MemberRole {
    /// See it.
    Viewer,
    /// Also change it and its images.
    Editor,
}

/// An image in an album.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlbumImage {
    /// The image.
    pub(crate) image: Image,
    /// The user who added it.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) added_by: String,
    /// When, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    pub(crate) add_time: String,
}

/// Somebody who was let into an album.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: String,
    /// The e-mail address that was let in.
    #[schema(example = "luis@example.org")]
    email: String,
    /// What they may do.
    role: AlbumRole,
    /// When they were let in, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    create_time: String,
}

/// A share link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Link {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: String,
    /// When it was made, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    create_time: String,
    /// When it ends, RFC 3339 in UTC; null where it does not.
    #[schema(required, format = DateTime)]
    expire_time: Option<String>,
    /// Whether it asks for a password.
    has_password: bool,
    /// When it was opened last, RFC 3339 in UTC; null where it never was.
    #[schema(required, format = DateTime)]
    last_use_time: Option<String>,
}

/// A new share link with its secret, which is shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewLink {
    #[serde(flatten)]
    link: Link,
    /// What `POST /v1/links:open` takes.
    token: String,
}

impl Revised for Album {
    fn revision(&self) -> Revision {
        Revision::new(self.revision)
    }
}

impl From<proto::Album> for Album {
    fn from(album: proto::Album) -> Self {
        let role = album.role().into();
        Self {
            id: album.id,
            owner: album.owner,
            name: album.name,
            description: album.description,
            cover_image_id: present(album.cover_image_id),
            image_count: album.image_count,
            role,
            create_time: time::required(album.create_time),
            update_time: time::required(album.update_time),
            revision: album.revision,
        }
    }
}

impl From<proto::AlbumRole> for AlbumRole {
    fn from(role: proto::AlbumRole) -> Self {
        match role {
            proto::AlbumRole::Owner => Self::Owner,
            proto::AlbumRole::Editor => Self::Editor,
            // The least, where a newer service knows more.
            proto::AlbumRole::Viewer | proto::AlbumRole::Unspecified => Self::Viewer,
        }
    }
}

impl From<MemberRole> for proto::AlbumRole {
    fn from(role: MemberRole) -> Self {
        match role {
            MemberRole::Viewer => Self::Viewer,
            MemberRole::Editor => Self::Editor,
        }
    }
}

impl From<proto::Member> for Member {
    fn from(member: proto::Member) -> Self {
        let role = member.role().into();
        Self {
            id: member.id,
            email: member.email,
            role,
            create_time: time::required(member.create_time),
        }
    }
}

impl From<proto::Link> for Link {
    fn from(link: proto::Link) -> Self {
        Self {
            id: link.id,
            create_time: time::required(link.create_time),
            expire_time: link.expire_time.map(to_rfc3339),
            has_password: link.has_password,
            last_use_time: link.last_use_time.map(to_rfc3339),
        }
    }
}

impl From<proto::CreateLinkResponse> for NewLink {
    fn from(created: proto::CreateLinkResponse) -> Self {
        Self {
            link: created.link.unwrap_or_default().into(),
            token: created.link_token,
        }
    }
}
