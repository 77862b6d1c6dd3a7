//! JPEG: `zune-jpeg` reads the headers, in Rust and before anything is allocated; libjpeg-turbo decodes, because its
//! rounding is what models were trained on. What it does not bring to RGB, such as CMYK, `zune-jpeg` decodes too, and
//! strictly: the `image` crate runs it lenient, which paints over whatever is missing or damaged.

mod turbo;

use image::metadata::Orientation;
use turbojpeg::PixelFormat;
use zune_jpeg::{
    JpegDecoder,
    errors::DecodeErrors,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{Detail, Reduction};
use crate::{
    Format, ImageError,
    container::jpeg::{END, Segments},
    raster::{Layout, Raster},
};

/// The largest side that a JPEG header can declare: sixteen bits.
const MAX_SIDE: usize = u16::MAX as usize;

/// Bytes of a pixel of the output.
const OUTPUT: u64 = 3;

/// Bytes of a coefficient, of which a progressive file needs one for each component of a pixel until its last scan.
const COEFFICIENT: u64 = 2;

/// A file whose headers have been read.
pub(super) struct Jpeg<'a> {
    bytes: &'a [u8],
    decoder: JpegDecoder<ZCursor<&'a [u8]>>,
    colours: ColorSpace,
    width: u32,
    height: u32,
}

impl<'a> Jpeg<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ImageError> {
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options());
        decoder.decode_headers().map_err(refusal)?;
        let (Some(info), Some(colours)) = (decoder.info(), decoder.input_colorspace()) else {
            return Err(ImageError::unreadable(Format::Jpeg, "it has no header"));
        };
        Ok(Self {
            bytes,
            decoder,
            colours,
            width: info.width.into(),
            height: info.height.into(),
        })
    }

    pub(super) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Bytes that decoding all of it may take.
    pub(super) fn memory(&self) -> u64 {
        let components = self.colours.num_components() as u64;
        u64::from(self.width) * u64::from(self.height) * (components * COEFFICIENT + OUTPUT)
    }

    pub(super) fn orientation(&self) -> Orientation {
        self.decoder
            .exif()
            .and_then(|exif| Orientation::from_exif_chunk(exif))
            .unwrap_or(Orientation::NoTransforms)
    }

    pub(super) fn profile(&self) -> Option<Vec<u8>> {
        self.decoder.icc_profile()
    }

    /// Whether libjpeg-turbo decodes it, which can make it smaller on the way.
    pub(super) fn reduces(&self) -> bool {
        matches!(
            self.colours,
            ColorSpace::Luma | ColorSpace::YCbCr | ColorSpace::RGB
        )
    }

    pub(super) fn decode(mut self, detail: Detail) -> Result<Raster, ImageError> {
        if !reaches_end(self.bytes) {
            return Err(ImageError::truncated(Format::Jpeg));
        }
        if self.reduces() {
            let grey = self.colours == ColorSpace::Luma || !detail.colours;
            let format = if grey {
                PixelFormat::GRAY
            } else {
                PixelFormat::RGB
            };
            return turbo::decode(self.bytes, format, self.size(), detail.reduction);
        }
        let strict = options().set_strict_mode(true);
        self.decoder
            .set_options(strict.jpeg_set_out_colorspace(ColorSpace::RGB));
        let samples = self.decoder.decode().map_err(refusal)?;
        Raster::new(self.width, self.height, Layout::Rgb, samples)
            .ok_or_else(|| ImageError::truncated(Format::Jpeg))
    }
}

/// Lenient up to the first scan: cameras leave stray bytes between header segments.
fn options() -> DecoderOptions {
    DecoderOptions::default()
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
}

fn refusal(error: DecodeErrors) -> ImageError {
    match error {
        DecodeErrors::IoErrors(_) | DecodeErrors::ExhaustedData => {
            ImageError::truncated(Format::Jpeg)
        }
        error => ImageError::unreadable(Format::Jpeg, &error),
    }
}

/// Whether the markers lead to the one that ends the picture. The decoder cannot tell: past the end it reads zeroes.
/// Bytes after the end do no harm.
fn reaches_end(bytes: &[u8]) -> bool {
    Segments::of(bytes).any(|segment| segment.marker == END)
}
