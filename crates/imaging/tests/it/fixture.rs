//! Files that `fixtures/make.py` made, and what is done with them again and again.

use std::{fs, path::PathBuf};

use image::DynamicImage;
use pupila_imaging::{
    Limits,
    render::{Encoding, Recipe, Rendition, render},
};

/// A file of the folder `fixtures`.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The plain recipe, without the losses of JPEG.
pub(crate) fn png() -> Recipe {
    Recipe {
        encoding: Encoding::Png,
        ..Recipe::default()
    }
}

/// What a sound recipe makes of a sound file.
pub(crate) fn rendition(bytes: &[u8], recipe: &Recipe) -> Rendition {
    render(bytes, recipe, &Limits::default()).unwrap_or_else(|error| panic!("{recipe:?}: {error}"))
}

/// The same, decoded by the `image` crate.
pub(crate) fn picture(bytes: &[u8], recipe: &Recipe) -> DynamicImage {
    image::load_from_memory(&rendition(bytes, recipe).bytes).expect("sound")
}

/// A PNG file.
pub(crate) fn encoded(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image: DynamicImage = image.into();
    image
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("written");
    bytes.into_inner()
}

/// How far two pictures of one size lie apart, in levels.
pub(crate) fn mean_difference(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let (one, other) = (one.to_rgb8(), other.to_rgb8());
    assert_eq!(one.dimensions(), other.dimensions());
    let pairs = one.as_raw().iter().zip(other.as_raw());
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.as_raw().len() as f64
}
