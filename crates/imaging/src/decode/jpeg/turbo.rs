//! Decoding with libjpeg-turbo as Pillow runs it: the accurate inverse DCT ("islow") and smooth upsampling.

use turbojpeg::{Decompressor, Error, Image, PixelFormat, ScalingFactor};

use super::Reduction;
use crate::{
    Format, ImageError,
    raster::{Layout, Raster},
};

/// Most scans of a progressive file: each costs a pass over the picture, and a real one has about ten.
const MAX_SCANS: usize = 100;
/// As many has a large picture too.
const MIN_SCANS: usize = 20;
/// Most pixels that all scans together pass over, which is a matter of seconds; a large picture may have fewer scans.
const MAX_PASSED: usize = 1_000_000_000;

/// All rows, in grey or in RGB. What libjpeg-turbo would only warn of, such as data that end early, is refused too.
/// A reduced picture takes a fraction of the time, although all of the file is read and any damage noticed.
pub(super) fn decode(
    bytes: &[u8],
    format: PixelFormat,
    (width, height): (u32, u32),
    reduction: Reduction,
) -> Result<Raster, ImageError> {
    let scans = MAX_PASSED / (width as usize * height as usize).max(1);
    let scans = scans.clamp(MIN_SCANS, MAX_SCANS);
    let scale = ScalingFactor::new(1, reduction as usize);
    let (width, height) = (scale.scale(width as usize), scale.scale(height as usize));
    let layout = match format {
        PixelFormat::GRAY => Layout::Grey,
        _ => Layout::Rgb,
    };
    let pitch = width * layout.count();
    let mut samples = vec![0; pitch * height];
    let image = Image {
        pixels: samples.as_mut_slice(),
        width,
        pitch,
        height,
        format,
    };
    Decompressor::new()
        .and_then(|mut decompressor| {
            // At most a hundred.
            decompressor.set_scan_limit(scans as u32)?;
            decompressor.set_scaling_factor(scale)?;
            decompressor.decompress(bytes, image)
        })
        .map_err(|error| match error {
            // The library's own words, without whose they are.
            Error::TurboJpegError(text) => ImageError::unreadable(Format::Jpeg, &text),
            error => ImageError::unreadable(Format::Jpeg, &error),
        })?;
    // Both fit: the sides come from sixteen bits each.
    Raster::new(width as u32, height as u32, layout, samples)
        .ok_or_else(|| ImageError::no_pixels(Format::Jpeg))
}
