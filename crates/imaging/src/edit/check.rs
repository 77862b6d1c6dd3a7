//! Holding edits against their ranges.

use super::{Edit, EditError, Mark, Output, Writing};
use crate::render::{InvalidField, Recipe};

/// Whether all edits are in their ranges. Those that renditions know too are held against theirs.
pub(super) fn check(edits: &[Edit<'_>], output: Output) -> Result<(), EditError> {
    let faults = edits.iter().flat_map(faults);
    let encoding = output.encoding.unwrap_or_default();
    let written = Recipe {
        encoding,
        ..Recipe::default()
    };
    match faults.chain(written.check()).next() {
        Some(fault) => Err(EditError::Invalid(fault)),
        None => Ok(()),
    }
}

fn faults(edit: &Edit<'_>) -> Vec<InvalidField> {
    let recipe = Recipe::default();
    match *edit {
        Edit::Resize(frame) => frame.into_recipe().check(),
        Edit::Crop(crop, gravity) => Recipe {
            crop: Some(crop),
            gravity,
            ..recipe
        }
        .check(),
        Edit::Brightness(brightness) => Recipe {
            brightness,
            ..recipe
        }
        .check(),
        Edit::Contrast(contrast) => Recipe { contrast, ..recipe }.check(),
        Edit::Saturation(saturation) => Recipe {
            saturation,
            ..recipe
        }
        .check(),
        Edit::Blur(blur) => Recipe { blur, ..recipe }.check(),
        Edit::Sharpen(sharpen) => Recipe { sharpen, ..recipe }.check(),
        Edit::Rotate(angle, _) => within("angle", angle, -360.0, 360.0),
        Edit::Sepia(amount) => within("amount", amount, 0.0, 1.0),
        Edit::AutoContrast { cutoff, .. } => within("cutoff", cutoff, 0.0, 49.0),
        Edit::Pixelate(side) => within("size", side, 1, Edit::MAX_SQUARE),
        Edit::Overlay(_, mark) => mark_faults(mark),
        Edit::Write(ref writing) => {
            let mut faults = mark_faults(writing.mark);
            let length = writing.text.chars().count();
            faults.extend(within("text", length, 0, Writing::MAX_LENGTH));
            faults
        }
        Edit::Flip(_) | Edit::Grayscale | Edit::Edges => Vec::new(),
    }
}

fn mark_faults(mark: Mark) -> Vec<InvalidField> {
    let mut faults = within("size", mark.size, f64::MIN_POSITIVE, 1.0);
    faults.extend(within("margin", mark.margin, 0.0, Mark::MAX_MARGIN));
    faults.extend(within("opacity", mark.opacity, 0.0, 1.0));
    faults
}

/// What is not a number is within nothing.
fn within<T>(field: &'static str, value: T, least: T, most: T) -> Vec<InvalidField>
where
    T: PartialOrd + std::fmt::Display,
{
    if value >= least && value <= most {
        return Vec::new();
    }
    let description = format!("must be from {least} to {most}");
    vec![InvalidField { field, description }]
}
