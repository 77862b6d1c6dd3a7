//! JPEG: `zune-jpeg` reads the headers, in Rust and before anything is allocated; libjpeg-turbo decodes, because its
//! rounding is what models were trained on. What it does not bring to RGB, such as CMYK, `zune-jpeg` decodes too, and
//! strictly: the `image` crate runs it lenient, which paints over whatever is missing or damaged.

mod turbo;

use image::{DynamicImage, GrayImage, RgbImage, metadata::Orientation};
use turbojpeg::PixelFormat;
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use crate::{
    Format, ImageError, Limits,
    decode::{check_memory, check_pixels},
};

/// The largest side that a JPEG header can declare: sixteen bits.
const MAX_SIDE: usize = u16::MAX as usize;

/// What decoding one pixel may take: three bytes of output, and three coefficients of two bytes
/// that a progressive file needs until its last scan.
const BYTES_PER_PIXEL: u64 = 9;

pub(super) fn decode(
    bytes: &[u8],
    limits: &Limits,
) -> Result<(DynamicImage, Orientation), ImageError> {
    // Lenient up to the first scan: cameras leave stray bytes between header segments.
    let options = DecoderOptions::default()
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(refusal)?;
    let (Some(info), Some(source)) = (decoder.info(), decoder.input_colorspace()) else {
        return Err(ImageError::unreadable(Format::Jpeg, "it has no header"));
    };
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    check_pixels(width, height, limits)?;
    let needed = u64::from(width) * u64::from(height) * BYTES_PER_PIXEL;
    check_memory(needed, Format::Jpeg, limits)?;
    if !reaches_end(bytes) {
        return Err(ImageError::truncated(Format::Jpeg));
    }

    let grey = source == ColorSpace::Luma;
    let target = if grey {
        ColorSpace::Luma
    } else {
        ColorSpace::RGB
    };
    decoder.set_options(
        options
            .set_strict_mode(true)
            .jpeg_set_out_colorspace(target),
    );
    let orientation = decoder
        .exif()
        .and_then(|exif| Orientation::from_exif_chunk(exif))
        .unwrap_or(Orientation::NoTransforms);
    let samples = match source {
        ColorSpace::Luma => turbo::decode(bytes, PixelFormat::GRAY, width, height)?,
        ColorSpace::YCbCr | ColorSpace::RGB => {
            turbo::decode(bytes, PixelFormat::RGB, width, height)?
        }
        _ => decoder.decode().map_err(refusal)?,
    };
    let image = if grey {
        GrayImage::from_raw(width, height, samples).map(DynamicImage::ImageLuma8)
    } else {
        RgbImage::from_raw(width, height, samples).map(DynamicImage::ImageRgb8)
    };
    let image = image.ok_or_else(|| ImageError::truncated(Format::Jpeg))?;
    Ok((image, orientation))
}

fn refusal(error: DecodeErrors) -> ImageError {
    match error {
        DecodeErrors::IoErrors(_) | DecodeErrors::ExhaustedData => {
            ImageError::truncated(Format::Jpeg)
        }
        error => ImageError::unreadable(Format::Jpeg, &error),
    }
}

/// Whether the markers (ITU-T T.81, B.1) lead to the one that ends the image. The decoder cannot tell:
/// past the end it reads zeroes. Bytes after the end do no harm.
fn reaches_end(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        let Some(found) = rest.iter().position(|byte| *byte == 0xFF) else {
            return false;
        };
        rest = match &rest[found + 1..] {
            // The end of the image.
            [0xD9, ..] => return true,
            // A fill byte: the next byte may be the marker.
            after @ [0xFF, ..] => after,
            // Stuffing and restarts within a scan, and the start of the image, carry no length.
            [0x00 | 0x01 | 0xD0..=0xD8, after @ ..] => after,
            // A segment is skipped whole: thumbnails inside it have ends of their own.
            [_, segment @ ..] => match segment {
                [high, low, ..] => {
                    let length = usize::from(u16::from_be_bytes([*high, *low]));
                    segment.get(length..).unwrap_or_default()
                }
                _ => return false,
            },
            [] => return false,
        };
    }
}
