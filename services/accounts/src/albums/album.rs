//! An album, and what somebody may do with it.

use jiff::Timestamp;
use pupila_core::{AlbumId, Cursor, Guest, ImageId, Revision, UserId};

use super::AlbumError;

/// An album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Album {
    pub(crate) id: AlbumId,
    pub(crate) owner: UserId,
    pub(crate) name: String,
    /// May be empty.
    pub(crate) description: String,
    /// One of its images.
    pub(crate) cover: Option<ImageId>,
    pub(crate) image_count: u64,
    pub(crate) create_time: Timestamp,
    /// Of the last change, images that come, go and move among them.
    pub(crate) update_time: Timestamp,
    /// Counts the changes of name, description and cover.
    pub(crate) revision: Revision,
}

/// An album as one of those who may see it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AlbumView {
    pub(crate) album: Album,
    /// What they may do with it.
    pub(crate) role: AlbumRole,
}

/// What somebody may do with an album; each may also do what those before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AlbumRole {
    /// See it.
    Viewer,
    /// Change it and its images.
    Editor,
    /// Delete and share it.
    Owner,
}

/// Who looks at albums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Somebody who owns it or was let in.
    User(UserId),
    /// Somebody with a share link.
    Guest(Guest),
}

/// What an album is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewAlbum {
    pub(crate) name: String,
    pub(crate) description: String,
}

/// What changes; the rest stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AlbumChange {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    /// `Some(None)` takes it away.
    pub(crate) cover: Option<Option<ImageId>>,
}

impl Album {
    /// Its place in a list.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }

    /// The album as its owner sees it.
    pub(super) fn seen_by_owner(self) -> AlbumView {
        AlbumView {
            album: self,
            role: AlbumRole::Owner,
        }
    }
}

impl AlbumView {
    /// The role of one who may do what the role `least` may.
    ///
    /// # Errors
    /// They may not.
    pub(super) fn require(&self, least: AlbumRole) -> Result<AlbumRole, AlbumError> {
        if self.role >= least {
            Ok(self.role)
        } else if least == AlbumRole::Owner {
            Err(AlbumError::NotOwner)
        } else {
            Err(AlbumError::NotEditor)
        }
    }
}
