//! Writing a picture down. Nothing of the source but its pixels goes in: no EXIF, no profile, no place.

use image::{
    ExtendedColorType, ImageEncoder as _,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};
use webp::PixelLayout;

use super::{RenderError, compose::coloured};
use crate::{
    Format, Limits,
    raster::{Layout, Raster},
};

/// How a rendition is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// JPEG: baseline, with optimised Huffman tables; colours at half the resolution below a quality of 90.
    Jpeg {
        /// 1 to 100.
        quality: u8,
    },
    /// PNG: lossless, with transparency.
    Png,
    /// Lossy WebP, with transparency.
    WebP {
        /// 1 to 100.
        quality: u8,
    },
}

/// A fifth of the time that the default of the `png` crate takes for a photograph, and 2 % more bytes.
const COMPRESSION: CompressionType = CompressionType::Level(3);

/// From this quality on colours keep their resolution.
const FULL_CHROMA: u8 = 90;

impl Default for Encoding {
    fn default() -> Self {
        Self::Jpeg { quality: 80 }
    }
}

impl Encoding {
    /// The format of the result.
    #[must_use]
    pub fn format(self) -> Format {
        match self {
            Self::Jpeg { .. } => Format::Jpeg,
            Self::Png => Format::Png,
            Self::WebP { .. } => Format::WebP,
        }
    }

    /// How a picture is written that came in that format and is to keep it; PNG where it cannot.
    pub(crate) fn like(format: Format) -> Self {
        match format {
            Format::Jpeg => Self::Jpeg {
                quality: FULL_CHROMA,
            },
            Format::WebP => Self::WebP {
                quality: FULL_CHROMA,
            },
            Format::Png | Format::Gif | Format::Bmp | Format::Tiff => Self::Png,
        }
    }

    /// Most pixels of a side: libjpeg-turbo's `JPEG_MAX_DIMENSION`, libwebp's `WEBP_MAX_DIMENSION`.
    pub(crate) fn max_side(self) -> u32 {
        match self {
            Self::Jpeg { .. } => 65_500,
            Self::Png => Limits::MAX_SIDE,
            Self::WebP { .. } => 16_383,
        }
    }

    /// Whether the result can be transparent.
    pub(crate) fn keeps_alpha(self) -> bool {
        match self {
            Self::Jpeg { .. } => false,
            Self::Png | Self::WebP { .. } => true,
        }
    }

    /// The file.
    pub(crate) fn encode(self, raster: Raster) -> Result<Vec<u8>, RenderError> {
        let written = match self {
            Self::Jpeg { quality } => jpeg(&raster, quality),
            Self::Png => png(&raster),
            Self::WebP { quality } => web_p(raster, quality),
        };
        written.map_err(|reason| RenderError::Encoding {
            format: self.format(),
            reason,
        })
    }
}

fn jpeg(raster: &Raster, quality: u8) -> Result<Vec<u8>, String> {
    let (format, subsampling) = match raster.layout().opaque() {
        Layout::Grey | Layout::GreyAlpha => (PixelFormat::GRAY, Subsamp::Gray),
        Layout::Rgb | Layout::Rgba if quality < FULL_CHROMA => (PixelFormat::RGB, Subsamp::Sub2x2),
        Layout::Rgb | Layout::Rgba => (PixelFormat::RGB, Subsamp::None),
    };
    let width = raster.width() as usize;
    let image = Image {
        pixels: raster.samples(),
        width,
        pitch: width * format.size(),
        height: raster.height() as usize,
        format,
    };
    let compressed = Compressor::new().and_then(|mut compressor| {
        compressor.set_quality(quality.into())?;
        compressor.set_subsamp(subsampling)?;
        compressor.set_optimize(true)?;
        compressor.compress_to_vec(image)
    });
    compressed.map_err(|error| error.to_string())
}

fn png(raster: &Raster) -> Result<Vec<u8>, String> {
    let colours = match raster.layout() {
        Layout::Grey => ExtendedColorType::L8,
        Layout::GreyAlpha => ExtendedColorType::La8,
        Layout::Rgb => ExtendedColorType::Rgb8,
        Layout::Rgba => ExtendedColorType::Rgba8,
    };
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, COMPRESSION, FilterType::Adaptive)
        .write_image(raster.samples(), raster.width(), raster.height(), colours)
        .map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn web_p(raster: Raster, quality: u8) -> Result<Vec<u8>, String> {
    let raster = coloured(raster).ok_or("it has no pixels")?;
    let layout = match raster.layout().has_alpha() {
        true => PixelLayout::Rgba,
        false => PixelLayout::Rgb,
    };
    let encoder = webp::Encoder::new(raster.samples(), layout, raster.width(), raster.height());
    let bytes = encoder.encode_simple(false, quality.into());
    // The library's enum has a name for every failure, and no text.
    bytes
        .map(|bytes| bytes.to_vec())
        .map_err(|error| format!("{error:?}"))
}
