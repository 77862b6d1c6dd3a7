//! From bytes to an upright picture, behind a guard.

mod jpeg;
mod lossless;
mod source;

pub(crate) use source::{Detail, Reduction, Source};

use crate::{Channels, Format, ImageError, Limits, Picture, raster::Layout};

/// A picture, and what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The format of the file.
    pub format: Format,
    /// The picture, turned upright.
    pub picture: Picture,
}

/// Decodes the first picture of `bytes` and turns it upright as its EXIF orientation says.
///
/// Grey files stay grey, all others become RGB. 16-bit samples are cut to their upper byte. Alpha is dropped,
/// not blended, as Pillow's `convert("RGB")` does. Colour profiles are ignored.
///
/// # Errors
/// Any [`ImageError`]; nothing larger than the file is allocated before the header has been read and the
/// limits checked. Damaged and truncated files are refused, never patched up.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, ImageError> {
    let source = Source::open(bytes, limits)?;
    let (format, turn) = (source.format(), source.turn());
    let raster = source.decode(Detail::ALL)?.without_alpha().turned(turn);
    let channels = match raster.layout() {
        Layout::Grey | Layout::GreyAlpha => Channels::Luma,
        Layout::Rgb | Layout::Rgba => Channels::Rgb,
    };
    let (width, height) = (raster.width(), raster.height());
    let picture = Picture::new(width, height, channels, raster.into_samples())
        .ok_or_else(|| ImageError::no_pixels(format))?;
    Ok(Decoded { format, picture })
}
