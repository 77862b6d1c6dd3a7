//! A stored image.

use jiff::Timestamp;
use pupila_core::{Cursor, Digest, ImageId, Revision, UserId};
use pupila_imaging::Format;

/// A stored image. Its bytes never change; its name and description may.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Image {
    pub(crate) id: ImageId,
    pub(crate) owner: UserId,
    pub(crate) purpose: Purpose,
    pub(crate) file: File,
    /// 1 to 255 characters.
    pub(crate) name: String,
    /// Up to 2000 characters.
    pub(crate) description: String,
    pub(crate) create_time: Timestamp,
    /// When name or description changed last.
    pub(crate) update_time: Timestamp,
    pub(crate) revision: Revision,
}

/// What an image is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One of many, which may be shared.
    Library,
    /// The one picture of its owner's profile.
    Avatar,
}

/// What is known of an image's file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct File {
    /// The digest of the stored bytes.
    pub(crate) sha256: Digest,
    /// In bytes; at least 1.
    pub(crate) size: u64,
    /// Where the file says where it was taken: the copy that others get, which does not say it.
    pub(crate) public: Option<PublicCopy>,
    pub(crate) format: Format,
    /// Of the upright picture, in pixels.
    pub(crate) width: u32,
    /// Of the upright picture, in pixels.
    pub(crate) height: u32,
    /// Whether something may shine through.
    pub(crate) transparent: bool,
    /// RFC 3339, without an offset where the camera tells none; empty where it does not tell.
    pub(crate) taken_at: String,
    /// Empty where the file does not tell.
    pub(crate) camera: String,
    /// Where it was taken, where the owner keeps it.
    pub(crate) location: Option<Location>,
}

/// A file without the place where it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PublicCopy {
    pub(crate) sha256: Digest,
    /// In bytes.
    pub(crate) size: u64,
}

/// A place on the earth (WGS 84), in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Location {
    /// North, -90 to 90.
    pub(crate) latitude: f64,
    /// East, -180 to 180.
    pub(crate) longitude: f64,
}

impl Purpose {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Library => "library",
            Self::Avatar => "avatar",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Library, Self::Avatar]
            .into_iter()
            .find(|purpose| purpose.as_str() == name)
    }
}

impl Image {
    /// Its place in a list.
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor {
            key: self.create_time.as_microsecond(),
            id: self.id.as_uuid(),
        }
    }

    /// As others than its owner see it: without the place where it was taken.
    pub(crate) fn for_others(mut self) -> Self {
        self.file.location = None;
        if let Some(copy) = self.file.public.take() {
            self.file.sha256 = copy.sha256;
            self.file.size = copy.size;
        }
        self
    }
}
