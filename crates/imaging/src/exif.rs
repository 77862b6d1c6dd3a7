//! What a camera wrote beside the pixels, and taking out of it where that was.

mod block;
mod camera;
mod location;
mod scrub;
mod taken_at;
mod tiff;

use ::exif::{In, Reader, Tag, Value};

pub use camera::Camera;
pub use location::Location;
pub use scrub::scrub_location;
pub use taken_at::TakenAt;

use crate::Format;
use block::Blocks;
use tiff::Tiff;

/// What EXIF says of a picture, as far as it makes sense. All of it is what the sender claims.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exif {
    /// When it was taken.
    pub taken_at: Option<TakenAt>,
    /// With what.
    pub camera: Option<Camera>,
    /// Where.
    pub location: Option<Location>,
}

impl Exif {
    /// Reads the EXIF of a JPEG, PNG, WebP or TIFF file. Never fails: what is not there, broken or absurd is left out.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let Some(fields) = block(bytes).and_then(Fields::read) else {
            return Self::default();
        };
        Self {
            taken_at: TakenAt::of(&fields),
            camera: Camera::of(&fields),
            location: Location::of(&fields),
        }
    }
}

/// The EXIF of the first picture, from the byte order on.
pub(crate) fn block(bytes: &[u8]) -> Option<&[u8]> {
    let format = Format::sniff(bytes).ok()?;
    let blocks = Blocks::find(bytes, format);
    bytes.get(blocks.exif.first()?.clone())
}

/// The ICC profile of the first picture of a TIFF file.
pub(crate) fn colour_profile(bytes: &[u8]) -> Option<&[u8]> {
    let tiff = Tiff::new(bytes)?;
    let first = *tiff.walk().directories.first()?;
    let mut entries = tiff.entries(first);
    let profile = entries.find(|entry| entry.tag == tiff::PROFILE)?;
    bytes.get(tiff.value(profile)?)
}

/// Longest text that is looked at, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// The fields of a block.
struct Fields(::exif::Exif);

impl Fields {
    fn read(block: &[u8]) -> Option<Self> {
        // The parser follows every pointer, and spends a vector on every zero of a text.
        let tiff = Tiff::new(block)?;
        let walk = tiff.walk();
        let mut entries = walk.directories.iter().flat_map(|at| tiff.entries(*at));
        let is_modest = entries.all(|entry| entry.text_length().is_none_or(|it| it <= MAX_TEXT));
        if !(walk.is_complete && is_modest) {
            return None;
        }
        Reader::new()
            .continue_on_error(true)
            .read_raw(block.to_vec())
            .or_else(|error| error.distill_partial_result(|_| {}))
            .ok()
            .map(Self)
    }

    fn value(&self, tag: Tag) -> Option<&Value> {
        let field = self.0.get_field(tag, In::PRIMARY)?;
        Some(&field.value)
    }

    /// The first text of a field.
    fn ascii(&self, tag: Tag) -> Option<&[u8]> {
        match self.value(tag)? {
            Value::Ascii(texts) => texts.first().map(Vec::as_slice),
            _ => None,
        }
    }
}
