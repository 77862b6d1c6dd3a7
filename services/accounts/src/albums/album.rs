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

impl NewAlbum {
    /// The album that it becomes.
    pub(super) fn made_by(self, owner: UserId, now: Timestamp) -> Album {
        Album {
            id: AlbumId::new(now),
            owner,
            name: self.name,
            description: self.description,
            cover: None,
            image_count: 0,
            create_time: now,
            update_time: now,
            revision: Revision::FIRST,
        }
    }
}

impl Album {
    /// Its place in a list.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }

    /// The album after a change. One that changes nothing is none.
    pub(super) fn changed(self, change: AlbumChange, now: Timestamp) -> Self {
        if change == AlbumChange::default() {
            return self;
        }
        Self {
            name: change.name.unwrap_or(self.name),
            description: change.description.unwrap_or(self.description),
            cover: change.cover.unwrap_or(self.cover),
            update_time: now,
            revision: self.revision.next(),
            ..self
        }
    }

    /// The album with that many images, because some came or went.
    pub(super) fn holding(self, image_count: u64, now: Timestamp) -> Self {
        Self {
            image_count,
            update_time: now,
            ..self
        }
    }

    /// The album without its cover, because the image went.
    pub(super) fn uncovered(self) -> Self {
        Self {
            cover: None,
            revision: self.revision.next(),
            ..self
        }
    }
}

impl AlbumView {
    /// Lets those pass who may do what the role `least` may.
    ///
    /// # Errors
    /// They may not.
    pub(super) fn require(&self, least: AlbumRole) -> Result<(), AlbumError> {
        match least {
            _ if self.role >= least => Ok(()),
            AlbumRole::Owner => Err(AlbumError::NotOwner),
            AlbumRole::Editor | AlbumRole::Viewer => Err(AlbumError::NotEditor),
        }
    }
}
