//! What the operations are to `pupila-imaging`.

use pupila_imaging::{
    edit::{Edit, Frame, Mark, Writing},
    render::{Crop, Sharpen},
};
use pupila_operations::Operation;

use super::{OperateError, Overlays, words::IntoPixels as _};

/// An edit for each operation, but for those that only say how the result is written.
pub(super) fn all<'a>(
    operations: &'a [Operation],
    overlays: &'a Overlays,
) -> Result<Vec<Edit<'a>>, OperateError> {
    let edits = operations.iter().map(|operation| one(operation, overlays));
    edits.filter_map(Result::transpose).collect()
}

fn one<'a>(
    operation: &'a Operation,
    overlays: &'a Overlays,
) -> Result<Option<Edit<'a>>, OperateError> {
    Ok(Some(match *operation {
        Operation::Convert { .. } => return Ok(None),
        Operation::Resize {
            width,
            height,
            fit,
            gravity,
            enlarge,
            background,
        } => Edit::Resize(Frame {
            width,
            height,
            fit: fit.into_pixels(),
            gravity: gravity.into_pixels(),
            enlarge,
            background: background.into_pixels(),
        }),
        Operation::Crop {
            left,
            top,
            width,
            height,
        } => {
            let part = Crop::Box {
                left,
                top,
                width,
                height,
            };
            Edit::Crop(part, Default::default())
        }
        Operation::CropToSize {
            width,
            height,
            gravity,
        } => Edit::Crop(Crop::Size { width, height }, gravity.into_pixels()),
        Operation::CropToShape {
            width,
            height,
            gravity,
        } => Edit::Crop(Crop::Aspect { width, height }, gravity.into_pixels()),
        Operation::Rotate { angle, background } => Edit::Rotate(angle, background.into_pixels()),
        Operation::Flip { direction } => Edit::Flip(direction.into_pixels()),
        Operation::Grayscale {} => Edit::Grayscale,
        Operation::Sepia { amount } => Edit::Sepia(amount),
        Operation::Brightness { factor } => Edit::Brightness(factor),
        Operation::Contrast { factor } => Edit::Contrast(factor),
        Operation::Saturation { factor } => Edit::Saturation(factor),
        Operation::AutoContrast {
            cutoff,
            preserve_tone,
        } => Edit::AutoContrast {
            cutoff,
            preserve_tone,
        },
        Operation::Blur { sigma } => Edit::Blur(sigma),
        Operation::Sharpen { amount, sigma } => Edit::Sharpen(Sharpen { amount, sigma }),
        Operation::Edges {} => Edit::Edges,
        Operation::Pixelate { size } => Edit::Pixelate(size),
        Operation::WatermarkText {
            ref text,
            gravity,
            size,
            margin,
            colour,
            opacity,
        } => Edit::Write(Writing {
            text: text.clone(),
            colour: colour.into_pixels(),
            mark: Mark {
                gravity: gravity.into_pixels(),
                size,
                margin,
                opacity,
            },
        }),
        Operation::WatermarkImage {
            image,
            gravity,
            size,
            margin,
            opacity,
        } => {
            let overlay = overlays.get(&image);
            let mark = Mark {
                gravity: gravity.into_pixels(),
                size,
                margin,
                opacity,
            };
            Edit::Overlay(overlay.ok_or(OperateError::NoOverlay(image))?, mark)
        }
    }))
}
