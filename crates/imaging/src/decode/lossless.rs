//! Every format but JPEG, through the `image` crate, whose decoders notice damage by themselves
//! except for the ends of PNG and WebP files.

mod refusal;
mod samples;

use std::io::Cursor;

use image::{ImageDecoder, ImageFormat, ImageReader, metadata::Orientation};

use super::source::MAX_PROFILE;
use crate::{Format, ImageError, Limits, container::riff, exif, raster::Raster};

/// The last chunk of every PNG: no data, its type, its CRC.
const PNG_END: [u8; 12] = *b"\0\0\0\0IEND\xAE\x42\x60\x82";

/// A file whose header has been read.
pub(super) struct Lossless<'a> {
    bytes: &'a [u8],
    format: Format,
    decoder: Box<dyn ImageDecoder + 'a>,
    orientation: Orientation,
}

impl<'a> Lossless<'a> {
    pub(super) fn open(
        bytes: &'a [u8],
        format: Format,
        limits: &Limits,
    ) -> Result<Self, ImageError> {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), image_format(format));
        reader.limits(allocation(limits));
        let decoder = reader
            .into_decoder()
            .map_err(|error| refusal::refusal(format, &error))?;
        let mut decoder: Box<dyn ImageDecoder + 'a> = Box::new(decoder);
        let orientation = match format {
            // Not by the decoder: it allocates whatever length the chunk claims.
            Format::WebP => exif::block(bytes).and_then(Orientation::from_exif_chunk),
            _ => decoder.orientation().ok(),
        };
        Ok(Self {
            bytes,
            format,
            decoder,
            // Broken EXIF does not spoil the picture.
            orientation: orientation.unwrap_or(Orientation::NoTransforms),
        })
    }

    pub(super) fn size(&self) -> (u32, u32) {
        self.decoder.dimensions()
    }

    /// Bytes of all pixels, as wide as they are stored.
    pub(super) fn memory(&self) -> u64 {
        self.decoder.total_bytes()
    }

    pub(super) fn orientation(&self) -> Orientation {
        self.orientation
    }

    pub(super) fn profile(&mut self) -> Option<Vec<u8>> {
        let stored = match self.format {
            // Not by the decoders: they allocate whatever length is claimed.
            Format::WebP => riff::chunks(self.bytes)
                .find(|(kind, _)| kind == b"ICCP")
                .and_then(|(_, data)| self.bytes.get(data)),
            Format::Tiff => exif::colour_profile(self.bytes),
            _ => return self.decoder.icc_profile().ok().flatten(),
        };
        let stored = stored.filter(|profile| profile.len() <= MAX_PROFILE)?;
        Some(stored.to_vec())
    }

    pub(super) fn has_alpha(&self) -> bool {
        self.decoder.color_type().has_alpha()
    }

    /// The first picture, cut to 8 bits where it has 16.
    pub(super) fn decode(self) -> Result<Raster, ImageError> {
        let format = self.format;
        if !is_whole(self.bytes, format) {
            return Err(ImageError::truncated(format));
        }
        let (width, height) = self.size();
        let (layout, depth) = samples::kind(self.decoder.color_type())
            .ok_or_else(|| ImageError::unreadable(format, samples::UNKNOWN))?;
        let length = usize::try_from(self.memory()).map_err(|_| ImageError::too_dear(format))?;
        let mut samples = vec![0; length];
        self.decoder
            .read_image_boxed(&mut samples)
            .map_err(|error| refusal::refusal(format, &error))?;
        let samples = samples::narrowed(samples, depth);
        Raster::new(width, height, layout, samples).ok_or_else(|| ImageError::no_pixels(format))
    }
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
