//! Decoding with libjpeg-turbo as Pillow runs it: the accurate inverse DCT ("islow") and smooth upsampling.

use turbojpeg::{Decompressor, Image, PixelFormat};

use crate::{Format, ImageError};

/// Most scans of a progressive file: each costs a pass over the image, and a real one has about ten.
const MAX_SCANS: u32 = 100;

/// The samples of the whole picture, row by row. What libjpeg-turbo would only warn of, such as data that end early, is
/// refused too.
pub(super) fn decode(
    bytes: &[u8],
    format: PixelFormat,
    width: u32,
    height: u32,
) -> Result<Vec<u8>, ImageError> {
    let (width, height) = (width as usize, height as usize);
    let pitch = width * format.size();
    let mut pixels = vec![0; pitch * height];
    let image = Image {
        pixels: pixels.as_mut_slice(),
        width,
        pitch,
        height,
        format,
    };
    Decompressor::new()
        .and_then(|mut decompressor| {
            decompressor.set_scan_limit(MAX_SCANS)?;
            decompressor.decompress(bytes, image)
        })
        .map_err(|error| ImageError::unreadable(Format::Jpeg, &error))?;
    Ok(pixels)
}
