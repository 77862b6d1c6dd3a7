//! Stored images.

use pupila_core::Revision;
use pupila_proto::images::v1 as proto;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{present, time};
use crate::{
    problem::{FileProblem, Problem},
    response::Revised,
};

/// A stored image. Its bytes never change; its name and description may.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Image {
    /// UUIDv7.
    #[schema(value_type = uuid::Uuid)]
    pub(crate) id: String,
    /// The user who owns it.
    #[schema(value_type = uuid::Uuid)]
    owner: String,
    /// Its name: the file's at first.
    #[schema(example = "x-ray.jpg")]
    name: String,
    /// What it shows; may be empty.
    description: String,
    /// The format that was found in the file.
    #[schema(example = "jpeg")]
    format: String,
    /// Bytes of the file.
    size: u64,
    /// Pixels from left to right, upright.
    width: u32,
    /// Pixels from top to bottom, upright.
    height: u32,
    /// SHA-256 of the file.
    sha256: String,
    /// When the camera took it, without an offset where it tells none; null where it does not tell.
    #[schema(required, example = "2008-10-22T16:28:39")]
    taken_at: Option<String>,
    /// The camera; null where the file does not tell.
    #[schema(required, example = "NIKON COOLPIX P6000")]
    camera: Option<String>,
    /// Where it was taken; null unless the owner keeps it.
    #[schema(required)]
    location: Option<Location>,
    /// When it was stored, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    create_time: String,
    /// When its name or description changed last, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    update_time: String,
    /// Counts the changes; the `ETag` says the same.
    revision: i64,
}

/// A place on the earth (WGS 84).
#[derive(Debug, Serialize, ToSchema)]
struct Location {
    /// Degrees north, -90 to 90.
    latitude: f64,
    /// Degrees east, -180 to 180.
    longitude: f64,
}

/// What came of the files of a form, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoredFiles {
    /// One for each file.
    pub(crate) items: Vec<StoredFile>,
}

/// What came of one file: an image or a problem.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoredFile {
    /// The name of the file; empty for a problem of the form itself.
    #[schema(example = "x-ray.jpg")]
    filename: String,
    /// The image, where it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image>,
    /// Why it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FileProblem>,
}

/// A format of stored images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ImageFormat {
    Jpeg,
    Png,
    Gif,
    Webp,
    Bmp,
    Tiff,
}

impl StoredFiles {
    /// The image, where there was one file.
    pub(crate) fn only_image(&self) -> Option<&Image> {
        match self.items.as_slice() {
            [file] => file.image.as_ref(),
            _ => None,
        }
    }
}

impl From<(String, Result<Image, Problem>)> for StoredFile {
    fn from((filename, outcome): (String, Result<Image, Problem>)) -> Self {
        let (image, error) = match outcome {
            Ok(image) => (Some(image), None),
            Err(problem) => (None, Some(problem.of_file())),
        };
        Self {
            filename,
            image,
            error,
        }
    }
}

impl ImageFormat {
    /// As the services call it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
        }
    }
}

impl Revised for Image {
    fn revision(&self) -> Revision {
        Revision::new(self.revision)
    }
}

impl From<proto::Image> for Image {
    fn from(image: proto::Image) -> Self {
        Self {
            id: image.id,
            owner: image.owner,
            name: image.name,
            description: image.description,
            format: image.format,
            size: image.size,
            width: image.width,
            height: image.height,
            sha256: image.sha256,
            taken_at: present(image.taken_at),
            camera: present(image.camera),
            location: image.location.map(Location::from),
            create_time: time::required(image.create_time),
            update_time: time::required(image.update_time),
            revision: image.revision,
        }
    }
}

impl From<proto::Location> for Location {
    fn from(location: proto::Location) -> Self {
        Self {
            latitude: location.latitude,
            longitude: location.longitude,
        }
    }
}
