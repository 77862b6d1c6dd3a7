//! Operations on an image: from their words to pixels.

mod edits;
mod error;
mod words;

use std::collections::HashMap;

use bytes::Bytes;
use pupila_core::ImageId;
use pupila_imaging::{Format, Limits, edit::edit_while, render::Rendition};
use pupila_operations::Operation;

pub(crate) use error::OperateError;

/// Other images that operations need, by their ids.
pub(crate) type Overlays = HashMap<ImageId, Bytes>;

/// An image that operations made: a file without anything of the original but its pixels.
pub(crate) struct Made {
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: Format,
}

/// Makes an image of another one by all operations, in their order. It is decoded once and encoded once, so of several
/// [`Operation::Convert`] the last one counts. Blocks for as long as that takes, and somebody
/// wants it.
///
/// # Errors
/// [`OperateError`]; [`OperateError::NoOverlay`] unless `overlays` has all [`Operation::images`].
pub(crate) fn apply(
    image: &[u8],
    operations: &[Operation],
    overlays: &Overlays,
    limits: Limits,
    is_wanted: impl Fn() -> bool,
) -> Result<Made, OperateError> {
    let edits = edits::all(operations, overlays)?;
    let output = operations.iter().rev().find_map(words::output);
    let output = output.unwrap_or_default();
    let Rendition { bytes, format, .. } = edit_while(image, &edits, output, &limits, is_wanted)?;
    Ok(Made { bytes, format })
}

impl Made {
    /// What the names of such files end in.
    pub(crate) fn extension(&self) -> &'static str {
        match self.format {
            Format::Jpeg => "jpg",
            other => other.name(),
        }
    }
}

#[cfg(test)]
mod tests;
