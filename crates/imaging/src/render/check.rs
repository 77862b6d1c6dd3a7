//! Holding a recipe against its ranges.

use std::ops::RangeInclusive;

use super::{Crop, Encoding, Recipe, Sharpen};

/// A field of a recipe that is out of its range. Its `Display` is "`field` must be …".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {description}")]
pub struct InvalidField {
    /// The field's name.
    pub field: &'static str,
    /// What is allowed: "must be from 1 to 8192".
    pub description: String,
}

/// Ratios that somebody computed may add up to a little more than the whole.
const TOLERANCE: f64 = 1e-6;

impl Recipe {
    /// Every field that is out of its range; none of a sound recipe.
    #[must_use]
    pub fn check(&self) -> Vec<InvalidField> {
        let mut faults = Faults(Vec::new());
        if let Some(crop) = self.crop {
            faults.crop(crop);
        }
        let sides = 1..=Self::MAX_SIDE;
        faults.range("width", self.width.unwrap_or(1), &sides);
        faults.range("height", self.height.unwrap_or(1), &sides);
        let factors = 0.0..=Self::MAX_FACTOR;
        faults.range("brightness", self.brightness, &factors);
        faults.range("contrast", self.contrast, &factors);
        faults.range("saturation", self.saturation, &factors);
        let blurs = Self::MIN_BLUR..=Self::MAX_BLUR;
        if self.blur != 0.0 && !blurs.contains(&self.blur) {
            let (least, most) = blurs.into_inner();
            faults.push("blur", format!("must be 0, or from {least} to {most}"));
        }
        faults.range("sharpen", self.sharpen.amount, &factors);
        let sigmas = Sharpen::MIN_SIGMA..=Sharpen::MAX_SIGMA;
        faults.range("sharpen_sigma", self.sharpen.sigma, &sigmas);
        match self.encoding {
            Encoding::Jpeg { quality } | Encoding::WebP { quality } => {
                faults.range("quality", quality, &(1..=100));
            }
            Encoding::Png => {}
        }
        faults.0
    }
}

struct Faults(Vec<InvalidField>);

impl Faults {
    fn crop(&mut self, crop: Crop) {
        match crop {
            Crop::Box {
                left,
                top,
                width,
                height,
            } => {
                let within = |start: f64, length: f64| {
                    start >= 0.0 && length > 0.0 && start + length <= 1.0 + TOLERANCE
                };
                // Not a number is nowhere within.
                if !(within(left, width) && within(top, height)) {
                    let description = "must lie within the image: left, top, width and height are ratios from 0 to 1, \
                         width and height more than 0, left + width and top + height at most 1";
                    self.push("crop", description.to_owned());
                }
            }
            Crop::Aspect { width, height } | Crop::Size { width, height } => {
                let sides = 1..=Crop::MAX_SIDE;
                if !(sides.contains(&width) && sides.contains(&height)) {
                    self.push(
                        "crop",
                        format!("must have sides from 1 to {}", Crop::MAX_SIDE),
                    );
                }
            }
        }
    }

    fn range<T>(&mut self, field: &'static str, value: T, allowed: &RangeInclusive<T>)
    where
        T: PartialOrd + std::fmt::Display,
    {
        if !allowed.contains(&value) {
            let description = format!("must be from {} to {}", allowed.start(), allowed.end());
            self.push(field, description);
        }
    }

    fn push(&mut self, field: &'static str, description: String) {
        self.0.push(InvalidField { field, description });
    }
}
