//! A file before its pixels are decoded.

use image::metadata::Orientation;

use super::{jpeg::Jpeg, lossless::Lossless};
use crate::{Format, ImageError, Limits, raster::Raster, turn::Turn};

/// Most bytes of a colour profile. Those of screens and cameras have 3 kB, those with tables some hundred.
pub(super) const MAX_PROFILE: usize = 1024 * 1024;

/// By how much both sides of a picture are divided while it is decoded. Only powers of two: for these libjpeg-turbo
/// has SIMD, while 3/8 costs more than 1/2, and 5/8 as much as the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reduction {
    None = 1,
    Half = 2,
    Quarter = 4,
    Eighth = 8,
}

impl Reduction {
    const STRONGEST_FIRST: [Self; 3] = [Self::Eighth, Self::Quarter, Self::Half];

    /// What is left of each side. The last row and column may be cut: sides are rounded up.
    pub(crate) fn scale(self) -> f64 {
        1.0 / f64::from(self as u8)
    }
}

/// How much of a picture is wanted. A decoder may give more colours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detail {
    pub(crate) reduction: Reduction,
    pub(crate) colours: bool,
}

impl Detail {
    pub(crate) const ALL: Self = Self {
        reduction: Reduction::None,
        colours: true,
    };
}

/// A file whose header has been read and keeps to the limits.
pub(crate) struct Source<'a> {
    format: Format,
    width: u32,
    height: u32,
    decoder: Decoder<'a>,
}

enum Decoder<'a> {
    Jpeg(Box<Jpeg<'a>>),
    Lossless(Lossless<'a>),
}

impl<'a> Source<'a> {
    /// Reads the header. What it declares is held against the limits before anything of that size is allocated.
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ImageError> {
        let actual = bytes.len() as u64;
        if actual > limits.max_bytes {
            return Err(ImageError::TooLarge {
                actual,
                limit: limits.max_bytes,
            });
        }
        let format = Format::sniff(bytes)?;
        let decoder = match format {
            Format::Jpeg => Decoder::Jpeg(Box::new(Jpeg::open(bytes)?)),
            other => Decoder::Lossless(Lossless::open(bytes, other, limits)?),
        };
        let ((width, height), memory) = match &decoder {
            Decoder::Jpeg(jpeg) => (jpeg.size(), jpeg.memory()),
            Decoder::Lossless(lossless) => (lossless.size(), lossless.memory()),
        };
        let pixels = u64::from(width) * u64::from(height);
        if pixels > limits.max_pixels || width.max(height) > Limits::MAX_SIDE {
            return Err(ImageError::TooManyPixels {
                width,
                height,
                limit: limits.max_pixels,
            });
        }
        if memory > limits.max_alloc {
            return Err(ImageError::too_dear(format));
        }
        Ok(Self {
            format,
            width,
            height,
            decoder,
        })
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Width and height as they are stored, which need not be upright.
    pub(crate) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// How it is stored.
    pub(crate) fn orientation(&self) -> Orientation {
        match &self.decoder {
            Decoder::Jpeg(jpeg) => jpeg.orientation(),
            Decoder::Lossless(lossless) => lossless.orientation(),
        }
    }

    /// What turns it upright.
    pub(crate) fn turn(&self) -> Turn {
        self.orientation().into()
    }

    /// Its ICC profile, as it is in the file; `None` of one that is too long to be true.
    pub(crate) fn profile(&mut self) -> Option<Vec<u8>> {
        let profile = match &mut self.decoder {
            Decoder::Jpeg(jpeg) => jpeg.profile(),
            Decoder::Lossless(lossless) => lossless.profile(),
        };
        profile.filter(|profile| profile.len() <= MAX_PROFILE)
    }

    pub(crate) fn has_alpha(&self) -> bool {
        match &self.decoder {
            Decoder::Jpeg(_) => false,
            Decoder::Lossless(lossless) => lossless.has_alpha(),
        }
    }

    /// The strongest reduction that leaves at least `ratio` of each side.
    pub(crate) fn reduction(&self, ratio: f64) -> Reduction {
        let reduces = matches!(&self.decoder, Decoder::Jpeg(jpeg) if jpeg.reduces());
        Reduction::STRONGEST_FIRST
            .into_iter()
            .find(|reduction| reduces && reduction.scale() >= ratio)
            .unwrap_or(Reduction::None)
    }

    /// All rows of the first picture, not yet upright. The reduction must be one that [`Self::reduction`] gave.
    pub(crate) fn decode(self, detail: Detail) -> Result<Raster, ImageError> {
        match self.decoder {
            Decoder::Jpeg(jpeg) => jpeg.decode(detail),
            Decoder::Lossless(lossless) => lossless.decode(),
        }
    }
}
