//! PngSuite: every kind of PNG there is, and the broken ones that must be refused.

use std::{fs, path::PathBuf};

use image::{
    ImageBuffer, Rgba,
    imageops::{self, FilterType},
};
use pupila_imaging::{
    Limits, decode,
    render::{Encoding, Recipe, render},
    verify,
};

/// Names and bytes; those of broken files begin with an x.
fn suite() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/pngsuite/png");
    let files = fs::read_dir(folder).expect("the suite").map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        (name.into_owned(), fs::read(&path).expect("a file"))
    });
    let files: Vec<_> = files.collect();
    assert!(files.len() > 170, "only {} files", files.len());
    files
}

#[test]
fn sound_files_are_read_and_broken_ones_refused() {
    for (name, bytes) in suite() {
        let broken = name.starts_with('x');
        match decode(&bytes, &Limits::default()) {
            Ok(decoded) => assert!(!broken, "{name} was read as {decoded:?}"),
            Err(error) => assert!(broken, "{name}: {error}"),
        }
        let verified = verify(&bytes, &Limits::default());
        assert_eq!(verified.is_err(), broken, "{name}: {verified:?}");
        let rendered = render(&bytes, &Recipe::default(), &Limits::default());
        assert_eq!(rendered.is_err(), broken, "{name}: {rendered:?}");
    }
}

#[test]
fn what_is_wrong_is_told_in_words() {
    for (name, bytes) in suite().iter().filter(|(name, _)| name.starts_with('x')) {
        let error = decode(bytes, &Limits::default()).expect_err(name);
        let text = error.to_string();
        for jargon in ["Format error", "ChunkType", "0x", "Error", "{"] {
            assert!(!text.contains(jargon), "{name}: {text}");
        }
    }
}

/// The largest side of the thumbnails, so that most files of the suite become smaller.
const SIDE: u32 = 20;

/// A picture of floating-point samples whose colours are multiplied by their alpha.
type Plain = ImageBuffer<Rgba<f32>, Vec<f32>>;

/// The thumbnail as it is made without any haste: all samples in floating point, though cut to what a byte can hold
/// between columns and rows, because Lanczos overshoots where black meets white.
fn plain(bytes: &[u8]) -> Plain {
    let image = image::load_from_memory(bytes).expect("sound").to_rgba32f();
    let multiplied = premultiplied(image);
    let (width, height) = multiplied.dimensions();
    let ratio = f64::from(SIDE) / f64::from(width.max(height));
    if ratio >= 1.0 {
        return multiplied;
    }
    let side = |side: u32| ((f64::from(side) * ratio).round() as u32).max(1);
    let filter = FilterType::Lanczos3;
    let mut columns = imageops::resize(&multiplied, width, side(height), filter);
    for sample in columns.iter_mut() {
        *sample = sample.clamp(0.0, 1.0);
    }
    let mut rows = imageops::resize(&columns, side(width), side(height), filter);
    for Rgba([red, green, blue, alpha]) in rows.pixels_mut() {
        for colour in [red, green, blue] {
            *colour = colour.min(*alpha);
        }
    }
    rows
}

fn premultiplied(mut image: Plain) -> Plain {
    for Rgba([red, green, blue, alpha]) in image.pixels_mut() {
        *red *= *alpha;
        *green *= *alpha;
        *blue *= *alpha;
    }
    image
}

fn over_white(mut image: Plain) -> Plain {
    for Rgba([red, green, blue, alpha]) in image.pixels_mut() {
        let white = 1.0 - *alpha;
        *red += white;
        *green += white;
        *blue += white;
        *alpha = 1.0;
    }
    image
}

/// The largest and the mean difference, in levels of 255.
fn difference(one: &Plain, other: &Plain) -> (f32, f32) {
    assert_eq!(one.dimensions(), other.dimensions());
    let level = |sample: &f32| sample.clamp(0.0, 1.0) * 255.0;
    let pairs = one.as_raw().iter().zip(other.as_raw());
    let gaps: Vec<_> = pairs.map(|(a, b)| (level(a) - level(b)).abs()).collect();
    let mean = gaps.iter().sum::<f32>() / gaps.len() as f32;
    (gaps.into_iter().fold(0.0, f32::max), mean)
}

fn thumbnail(bytes: &[u8], encoding: Encoding) -> Plain {
    let recipe = Recipe {
        width: Some(SIDE),
        height: Some(SIDE),
        encoding,
        ..Recipe::default()
    };
    let rendition = render(bytes, &recipe, &Limits::default()).expect("sound");
    let image = image::load_from_memory(&rendition.bytes).expect("sound");
    premultiplied(image.to_rgba32f())
}

#[test]
fn every_thumbnail_is_what_a_plain_implementation_makes() {
    for (name, bytes) in suite().iter().filter(|(name, _)| !name.starts_with('x')) {
        let expected = plain(bytes);
        let (most, mean) = difference(&thumbnail(bytes, Encoding::Png), &expected);
        assert!(
            most < 2.5 && mean < 0.6,
            "{name}: {most}, {mean} on average"
        );

        let jpeg = thumbnail(bytes, Encoding::Jpeg { quality: 100 });
        let (most, mean) = difference(&jpeg, &over_white(expected));
        assert!(
            most < 6.0 && mean < 1.0,
            "{name}: {most}, {mean} on average"
        );
    }
}
