//! What somebody wishes of a rendition. Whatever they do not say is left to a preset, or as it is.

use pupila_imaging::render::{
    Colour, Crop, Encoding, Fit, Flip, Gravity, Recipe, Rotation, Sharpen,
};

use super::OutputFormat;
use crate::{ImagesError, violations::Violations};

/// The quality of JPEG and WebP where nobody says.
const QUALITY: u32 = 80;

/// What somebody wishes of a rendition.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Wish {
    pub(crate) crop: Option<CropBox>,
    /// Degrees clockwise.
    pub(crate) rotate: Option<u32>,
    pub(crate) flip: Option<Flip>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) fit: Option<Fit>,
    pub(crate) gravity: Option<Gravity>,
    pub(crate) enlarge: Option<bool>,
    pub(crate) grayscale: Option<bool>,
    pub(crate) brightness: Option<f64>,
    pub(crate) contrast: Option<f64>,
    pub(crate) saturation: Option<f64>,
    pub(crate) blur: Option<f64>,
    pub(crate) sharpen: Option<f64>,
    /// `RRGGBB`
    pub(crate) background: Option<String>,
    pub(crate) format: Option<OutputFormat>,
    /// Of JPEG and WebP.
    pub(crate) quality: Option<u32>,
}

/// A part of an image, as ratios of its upright width and height, 0..1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CropBox {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Wish {
    /// This wish, and what it does not say as in `other`.
    pub(super) fn or(&self, other: &Self) -> Self {
        // All fields by their names: a new one cannot be forgotten.
        let Self {
            crop,
            rotate,
            flip,
            width,
            height,
            fit,
            gravity,
            enlarge,
            grayscale,
            brightness,
            contrast,
            saturation,
            blur,
            sharpen,
            background,
            format,
            quality,
        } = self.clone();
        Self {
            crop: crop.or(other.crop),
            rotate: rotate.or(other.rotate),
            flip: flip.or(other.flip),
            width: width.or(other.width),
            height: height.or(other.height),
            fit: fit.or(other.fit),
            gravity: gravity.or(other.gravity),
            enlarge: enlarge.or(other.enlarge),
            grayscale: grayscale.or(other.grayscale),
            brightness: brightness.or(other.brightness),
            contrast: contrast.or(other.contrast),
            saturation: saturation.or(other.saturation),
            blur: blur.or(other.blur),
            sharpen: sharpen.or(other.sharpen),
            background: background.or_else(|| other.background.clone()),
            format: format.or(other.format),
            quality: quality.or(other.quality),
        }
    }

    /// The recipe that fulfils it in that format.
    ///
    /// # Errors
    /// Every field that is out of its range, by the names of the HTTP API.
    pub(super) fn recipe(&self, format: OutputFormat) -> Result<Recipe, ImagesError> {
        let mut violations = Violations::default();
        let rotate = self
            .rotate
            .map_or(Some(Rotation::None), Rotation::from_degrees);
        violations.require(rotate.is_some(), "rotate", || {
            "must be 0, 90, 180 or 270".to_owned()
        });
        let background = match self.background.as_deref().map(str::parse::<Colour>) {
            None => Colour::WHITE,
            Some(colour) => colour.unwrap_or_else(|error| {
                violations.require(false, "background", || error.to_string());
                Colour::WHITE
            }),
        };
        let plain = Recipe::default();
        let recipe = Recipe {
            crop: self.crop.map(CropBox::crop),
            gravity: self.gravity.unwrap_or_default(),
            rotate: rotate.unwrap_or_default(),
            flip: self.flip.unwrap_or_default(),
            width: self.width,
            height: self.height,
            fit: self.fit.unwrap_or_default(),
            enlarge: self.enlarge.unwrap_or(plain.enlarge),
            grayscale: self.grayscale.unwrap_or(plain.grayscale),
            brightness: self.brightness.unwrap_or(plain.brightness),
            contrast: self.contrast.unwrap_or(plain.contrast),
            saturation: self.saturation.unwrap_or(plain.saturation),
            blur: self.blur.unwrap_or(plain.blur),
            sharpen: Sharpen {
                amount: self.sharpen.unwrap_or(plain.sharpen.amount),
                ..plain.sharpen
            },
            background,
            encoding: self.encoding(format),
        };
        for fault in recipe.check() {
            violations.require(false, fault.field, || fault.description);
        }
        violations.finish()?;
        Ok(recipe)
    }

    fn encoding(&self, format: OutputFormat) -> Encoding {
        let quality = self.quality.unwrap_or(QUALITY);
        // What is too much for a byte is out of range in any case.
        let quality = u8::try_from(quality).unwrap_or(u8::MAX);
        match format {
            OutputFormat::Jpeg => Encoding::Jpeg { quality },
            OutputFormat::Png => Encoding::Png,
            OutputFormat::WebP => Encoding::WebP { quality },
        }
    }
}

impl CropBox {
    fn crop(self) -> Crop {
        let Self {
            left,
            top,
            width,
            height,
        } = self;
        Crop::Box {
            left,
            top,
            width,
            height,
        }
    }
}
