//! Edits.

mod chains;
mod geometry;
mod golden;
mod hostile;
mod lettering;
mod marks;
mod output;

use image::DynamicImage;
use pupila_imaging::{
    Limits,
    edit::{Edit, EditError, Output, edit},
    render::{Encoding, Rendition},
};

/// Without the losses of JPEG.
const PNG: Output = Output {
    encoding: Some(Encoding::Png),
    background: pupila_imaging::render::Colour::WHITE,
};

fn edited(bytes: &[u8], edits: &[Edit<'_>]) -> Result<Rendition, EditError> {
    edit(bytes, edits, PNG, &Limits::default())
}

/// What sound edits make of a sound file.
fn picture(bytes: &[u8], edits: &[Edit<'_>]) -> DynamicImage {
    let made = edited(bytes, edits).unwrap_or_else(|error| panic!("{edits:?}: {error}"));
    image::load_from_memory(&made.bytes).expect("sound")
}

/// The farthest that two pictures of one kind and size lie apart, in levels.
fn farthest(one: &DynamicImage, other: &DynamicImage) -> u8 {
    assert_eq!(one.color(), other.color());
    assert_eq!((one.width(), one.height()), (other.width(), other.height()));
    let pairs = one.as_bytes().iter().zip(other.as_bytes());
    pairs.map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
}
