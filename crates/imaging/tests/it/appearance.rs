//! What renditions look like, and how they are written.

use image::{DynamicImage, Rgb, RgbImage, RgbaImage};
use pupila_imaging::{
    Exif, Format,
    render::{Colour, Encoding, Recipe, Sharpen},
};

use crate::fixture::{encoded, fixture, mean_difference, picture, png, rendition};

#[test]
fn transparency_is_kept_or_put_on_the_background() {
    // Half of it hides green.
    let source = encoded(RgbaImage::from_fn(64, 64, |x, _| match x < 32 {
        true => image::Rgba([255, 0, 0, 255]),
        false => image::Rgba([0, 255, 0, 0]),
    }));
    let thumbnail = |encoding| Recipe {
        width: Some(16),
        encoding,
        ..Recipe::default()
    };
    for encoding in [Encoding::Png, Encoding::WebP { quality: 90 }] {
        let image = picture(&source, &thumbnail(encoding)).to_rgba8();
        assert_eq!(image.get_pixel(15, 8).0[3], 0, "{encoding:?}");
        // Where both meet, nothing of what was hidden is seen.
        for pixel in image.pixels().filter(|pixel| pixel.0[3] > 0) {
            assert!(
                pixel.0[0] > 200 && pixel.0[1] < 50,
                "{encoding:?}: {pixel:?}"
            );
        }
    }
    let jpeg = Encoding::Jpeg { quality: 95 };
    let white = picture(&source, &thumbnail(jpeg)).to_rgb8();
    assert!(white.get_pixel(15, 8).0.iter().all(|level| *level > 250));
    let on_blue = Recipe {
        background: "00f".repeat(2).parse().unwrap_or(Colour::WHITE),
        ..thumbnail(jpeg)
    };
    let blue = picture(&source, &on_blue).to_rgb8();
    let [red, green, level] = blue.get_pixel(15, 8).0;
    assert!(red < 16 && green.abs_diff(0xF0) < 16 && level.abs_diff(0x0F) < 16);
}

#[test]
fn colours_follow_their_factors() {
    let source = fixture("scene.png");
    let with = |recipe: Recipe| picture(&source, &recipe);
    let mean = |image: &DynamicImage| {
        let samples = image.to_rgb8().into_raw();
        samples.iter().map(|level| f64::from(*level)).sum::<f64>() / samples.len() as f64
    };
    let plain = with(png());
    assert_eq!(
        with(Recipe {
            brightness: 0.0,
            ..png()
        })
        .to_luma8()
        .into_raw(),
        vec![0; 97 * 61]
    );
    let dim = with(Recipe {
        brightness: 0.5,
        ..png()
    });
    assert!((mean(&dim) - mean(&plain) / 2.0).abs() < 1.0);
    let flat = with(Recipe {
        contrast: 0.0,
        ..png()
    });
    assert!(flat.to_rgb8().into_raw().iter().all(|level| *level == 128));
    let grey = with(Recipe {
        grayscale: true,
        ..png()
    });
    assert_eq!(grey.color(), image::ColorType::L8);
    assert!(
        mean_difference(
            &with(Recipe {
                saturation: 0.0,
                ..png()
            }),
            &grey
        ) < 0.6
    );
    // What one step would cut off the next one brings back.
    let both = with(Recipe {
        brightness: 4.0,
        contrast: 0.25,
        ..png()
    });
    assert_ne!(both, with(png()));
    assert!(both.to_rgb8().into_raw().iter().all(|level| *level > 90));
    // A grey JPEG is not even decoded in colour, which changes nothing.
    let fast = picture(
        &fixture("scene.jpeg"),
        &Recipe {
            grayscale: true,
            ..png()
        },
    );
    assert!(mean_difference(&fast, &grey) < 9.0);
}

#[test]
fn a_blur_is_gaussian() {
    // One white column on black: the blur shows its own shape.
    let source = encoded(RgbImage::from_fn(201, 31, |x, _| {
        Rgb([if x == 100 { 255 } else { 0 }; 3])
    }));
    for sigma in [0.5, 1.0, 3.0, 4.0, 5.0, 8.0, 20.0] {
        // Bright enough to be measured.
        let recipe = Recipe {
            blur: sigma,
            ..png()
        };
        let row = picture(&source, &recipe).to_luma8();
        let level = |x| f64::from(row.get_pixel(x, 15).0[0]);
        for x in 60..=140 {
            let distance = (f64::from(x) - 100.0) / sigma;
            let density =
                (-0.5 * distance * distance).exp() / (sigma * (2.0 * std::f64::consts::PI).sqrt());
            let expected = 255.0 * density.min(1.0);
            assert!(
                (level(x) - expected).abs() <= 2.0 + expected * 0.1,
                "{sigma} at {x}: {} instead of {expected}",
                level(x)
            );
        }
    }
}

#[test]
fn a_blur_keeps_the_mean_and_the_transparency() {
    let source = encoded(RgbaImage::from_fn(80, 80, |x, _| match x < 40 {
        true => image::Rgba([200, 100, 50, 255]),
        false => image::Rgba([0, 255, 0, 0]),
    }));
    for blur in [1.0, 3.0, 10.0, 100.0] {
        let image = picture(&source, &Recipe { blur, ..png() }).to_rgba8();
        for pixel in image.pixels().filter(|pixel| pixel.0[3] > 32) {
            let [red, green, _, _] = pixel.0;
            assert!(
                red.abs_diff(200) < 8 && green.abs_diff(100) < 8,
                "{blur}: {pixel:?}"
            );
        }
    }
}

#[test]
fn sharpening_steepens_edges_and_leaves_planes() {
    let source = encoded(RgbImage::from_fn(40, 10, |x, _| {
        Rgb([if x < 20 { 100 } else { 150 }; 3])
    }));
    let sharpen = Sharpen {
        amount: 1.0,
        sigma: 1.0,
    };
    let row = picture(&source, &Recipe { sharpen, ..png() }).to_luma8();
    let level = |x| row.get_pixel(x, 5).0[0];
    assert_eq!((level(2), level(37)), (100, 150));
    assert!(
        level(19) < 92 && level(20) > 158,
        "{} {}",
        level(19),
        level(20)
    );
}

#[test]
fn every_format_is_written_and_nothing_of_the_source_but_its_pixels() {
    for (encoding, format) in [
        (Encoding::Jpeg { quality: 1 }, Format::Jpeg),
        (Encoding::Jpeg { quality: 100 }, Format::Jpeg),
        (Encoding::Png, Format::Png),
        (Encoding::WebP { quality: 1 }, Format::WebP),
        (Encoding::WebP { quality: 100 }, Format::WebP),
    ] {
        for name in ["scene.png", "grey.jpeg", "orientation-6.jpeg", "cmyk.jpeg"] {
            let made = rendition(&fixture(name), &Recipe { encoding, ..png() });
            assert_eq!(made.format, format);
            assert_eq!(Format::sniff(&made.bytes), Ok(format));
            assert_eq!(Exif::read(&made.bytes), Exif::default());
            assert!(!made.bytes.windows(4).any(|bytes| bytes == b"Exif"));
            image::load_from_memory(&made.bytes).expect("sound");
        }
    }
}

#[test]
fn quality_counts() {
    for encoding in [
        |quality| Encoding::Jpeg { quality },
        |quality| Encoding::WebP { quality },
    ] {
        let length = |quality| {
            let recipe = Recipe {
                encoding: encoding(quality),
                ..Recipe::default()
            };
            rendition(&fixture("scene.png"), &recipe).bytes.len()
        };
        assert!(length(10) < length(60) && length(60) < length(95));
    }
}
