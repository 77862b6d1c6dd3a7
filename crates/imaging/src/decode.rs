//! From bytes to an upright picture, behind a guard.

mod jpeg;
mod lossless;
mod samples;

use image::{DynamicImage, metadata::Orientation};

use crate::{Format, ImageError, Limits, Picture};

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
    let actual = bytes.len() as u64;
    if actual > limits.max_bytes {
        return Err(ImageError::TooLarge {
            actual,
            limit: limits.max_bytes,
        });
    }
    let format = Format::sniff(bytes)?;
    let (image, orientation) = match format {
        Format::Jpeg => jpeg::decode(bytes, limits)?,
        other => lossless::decode(bytes, other, limits)?,
    };
    let picture = samples::to_picture(upright(image, orientation), format)?;
    Ok(Decoded { format, picture })
}

fn upright(mut image: DynamicImage, orientation: Orientation) -> DynamicImage {
    image.apply_orientation(orientation);
    image
}

/// Refuses a bomb by what its header declares.
fn check_pixels(width: u32, height: u32, limits: &Limits) -> Result<(), ImageError> {
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(ImageError::TooManyPixels {
            width,
            height,
            limit: limits.max_pixels,
        });
    }
    Ok(())
}

fn check_memory(needed: u64, format: Format, limits: &Limits) -> Result<(), ImageError> {
    if needed > limits.max_alloc {
        return Err(ImageError::too_dear(format));
    }
    Ok(())
}
