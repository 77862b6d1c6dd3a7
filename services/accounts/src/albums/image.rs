//! An image's place in an album.

use jiff::Timestamp;
use pupila_core::{Cursor, ImageId, UserId};

/// An image's place in an album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AlbumImage {
    pub(crate) image: ImageId,
    /// The first of those who added it and still share it.
    pub(crate) added_by: UserId,
    pub(crate) add_time: Timestamp,
    /// Grows along the album.
    pub(super) position: i64,
}

/// An image and its owner, as the service images knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnedImage {
    pub(crate) image: ImageId,
    pub(crate) owner: UserId,
}

impl AlbumImage {
    /// Its place in a list.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor {
            key: self.position,
            id: self.image.as_uuid(),
        }
    }
}
