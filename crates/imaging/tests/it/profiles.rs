//! Renditions have the colours that the profile of their source means.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, tiff::TiffEncoder, webp::WebPEncoder},
};
use moxcms::ColorProfile;
use pupila_imaging::{Limits, decode, render::Recipe};

use crate::fixture::{picture, png};

/// Display P3, and what it becomes in sRGB after CSS Color 4; none of these lies outside of sRGB.
const COLOURS: [([u8; 3], [u8; 3]); 4] = [
    ([200, 100, 50], [215, 93, 31]),
    ([90, 160, 90], [61, 162, 81]),
    ([60, 80, 160], [54, 81, 165]),
    ([128, 128, 128], [128, 128, 128]),
];

fn p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().expect("a profile")
}

/// A file of each format, with a profile.
fn files(image: &DynamicImage, profile: &[u8]) -> [(&'static str, Vec<u8>); 4] {
    macro_rules! file {
        ($encoder:expr) => {{
            let mut bytes = Cursor::new(Vec::new());
            let mut encoder = $encoder(&mut bytes);
            encoder
                .set_icc_profile(profile.to_vec())
                .expect("a profile");
            let colours = ExtendedColorType::from(image.color());
            let (width, height) = (image.width(), image.height());
            encoder
                .write_image(image.as_bytes(), width, height, colours)
                .expect("written");
            bytes.into_inner()
        }};
    }
    [
        ("PNG", file!(PngEncoder::new)),
        ("WebP", file!(WebPEncoder::new_lossless)),
        ("TIFF", file!(TiffEncoder::new)),
        (
            "JPEG",
            file!(|bytes| JpegEncoder::new_with_quality(bytes, 100)),
        ),
    ]
}

fn close(one: [u8; 3], other: [u8; 3]) -> bool {
    one.into_iter().zip(other).all(|(a, b)| a.abs_diff(b) <= 3)
}

#[test]
fn wide_colours_become_those_of_srgb() {
    for (wide, expected) in COLOURS {
        let image = RgbImage::from_pixel(40, 30, Rgb(wide)).into();
        for (format, bytes) in files(&image, &p3()) {
            for width in [None, Some(10)] {
                let colour = picture(&bytes, &Recipe { width, ..png() });
                let Rgb(colour) = *colour.to_rgb8().get_pixel(5, 5);
                assert!(close(colour, expected), "{format} {wide:?}: {colour:?}");
            }
            // A model sees what is stored.
            let seen = decode(&bytes, &Limits::default()).expect("sound").picture;
            let seen = seen.samples().first_chunk::<3>().expect("a pixel");
            assert!(close(*seen, wide), "{format} {wide:?}: {seen:?}");
        }
    }
}
