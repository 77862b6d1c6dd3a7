//! Every format but JPEG, through the `image` crate, whose decoders notice damage by themselves
//! except for the ends of PNG and WebP files.

use std::io::{Cursor, ErrorKind};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, metadata::Orientation};

use crate::{
    Format, ImageError, Limits,
    decode::{check_memory, check_pixels},
};

/// The last chunk of every PNG: no data, its type, its CRC.
const PNG_END: [u8; 12] = *b"\0\0\0\0IEND\xAE\x42\x60\x82";

pub(super) fn decode(
    bytes: &[u8],
    format: Format,
    limits: &Limits,
) -> Result<(DynamicImage, Orientation), ImageError> {
    let refuse = |error: image::ImageError| refusal(format, &error);

    let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format(format));
    reader.limits(allocation(limits));
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    let (width, height) = decoder.dimensions();
    check_pixels(width, height, limits)?;
    check_memory(decoder.total_bytes(), format, limits)?;
    if !is_whole(bytes, format) {
        return Err(ImageError::truncated(format));
    }
    // Broken EXIF does not spoil the picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(refuse)?;
    Ok((image, orientation))
}

fn image_format(format: Format) -> ImageFormat {
    match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Gif => ImageFormat::Gif,
        Format::WebP => ImageFormat::WebP,
        Format::Bmp => ImageFormat::Bmp,
        Format::Tiff => ImageFormat::Tiff,
    }
}

fn allocation(limits: &Limits) -> image::Limits {
    let mut allocation = image::Limits::no_limits();
    allocation.max_alloc = Some(limits.max_alloc);
    allocation
}

/// Whether the file reaches the end that it declares.
fn is_whole(bytes: &[u8], format: Format) -> bool {
    match format {
        // From the back, so that whole files are found whole at once.
        Format::Png => bytes
            .windows(PNG_END.len())
            .rev()
            .any(|chunk| chunk == PNG_END),
        Format::WebP => riff_size(bytes).is_some_and(|size| bytes.len() as u64 >= size),
        _ => true,
    }
}

/// Bytes of a RIFF file, its eight bytes of header included.
fn riff_size(bytes: &[u8]) -> Option<u64> {
    let size = bytes.get(4..8)?.first_chunk()?;
    Some(u64::from(u32::from_le_bytes(*size)) + 8)
}

fn refusal(format: Format, error: &image::ImageError) -> ImageError {
    match error {
        image::ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::truncated(format)
        }
        image::ImageError::Limits(_) => ImageError::too_dear(format),
        error => ImageError::unreadable(format, error),
    }
}
