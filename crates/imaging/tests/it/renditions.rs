//! Where the pixels of a rendition come from.

use std::{fs, path::PathBuf};

use image::{DynamicImage, Rgb, RgbImage};
use pupila_imaging::render::{Crop, Fit, Flip, Gravity, Recipe, Rotation};

use crate::fixture::{encoded, fixture, mean_difference, picture, png};

/// Four pixels of four colours: red, green over blue, white.
fn corners() -> Vec<u8> {
    let colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
    encoded(RgbImage::from_vec(2, 2, colours.concat()).expect("full"))
}

fn letters(image: &DynamicImage) -> String {
    let image = image.to_rgb8();
    let letter = |pixel: &Rgb<u8>| match pixel.0 {
        [255, 0, 0] => 'r',
        [0, 255, 0] => 'g',
        [0, 0, 255] => 'b',
        [255, 255, 255] => 'w',
        _ => '?',
    };
    let rows = image.rows().map(|row| row.map(letter).collect::<String>());
    rows.collect::<Vec<_>>().join("/")
}

#[test]
fn all_eight_orientations_come_out_upright_at_any_size() {
    for extension in ["jpeg", "png", "webp", "tiff"] {
        for number in 1..=8 {
            let bytes = fixture(&format!("orientation-{number}.{extension}"));
            // JPEG is decoded whole, at a half, at a quarter, and at an eighth.
            for width in [48, 24, 12, 6] {
                let recipe = Recipe {
                    width: Some(width),
                    ..png()
                };
                let upright = picture(&bytes, &recipe).to_luma8();
                assert_eq!(upright.dimensions(), (width, width * 2 / 3));
                // A black corner at the top left, a third by a quarter; all the rest is white.
                let size = f64::from(width);
                for (x, y, dark) in [
                    (0.1, 0.05, true),
                    (0.9, 0.05, false),
                    (0.1, 0.6, false),
                    (0.9, 0.6, false),
                ] {
                    let level = upright.get_pixel((x * size) as u32, (y * size) as u32).0[0];
                    assert_eq!(
                        level < 96,
                        dark,
                        "orientation-{number}.{extension} at {width}: {level}"
                    );
                }
            }
        }
    }
}

/// The eight orientations of two photographs, from the folder that `PUPILA_TEST_DATA` names.
#[test]
fn photographs_come_out_upright() {
    let Some(data) = std::env::var_os("PUPILA_TEST_DATA").map(PathBuf::from) else {
        return;
    };
    let folder = data.join("images/exif-orientation");
    for kind in ["Landscape", "Portrait"] {
        let recipe = Recipe {
            width: Some(160),
            height: Some(160),
            ..png()
        };
        let thumbnail = |number| {
            let bytes = fs::read(folder.join(format!("{kind}_{number}.jpg"))).expect("a file");
            picture(&bytes, &recipe)
        };
        let upright = thumbnail(1);
        for number in 2..=8 {
            let difference = mean_difference(&thumbnail(number), &upright);
            assert!(difference < 4.0, "{kind}_{number}: {difference}");
        }
    }
}

#[test]
fn a_reduced_jpeg_looks_like_the_whole_one() {
    for name in [
        "scene.jpeg",
        "progressive.jpeg",
        "restarts.jpeg",
        "grey.jpeg",
        "cmyk.jpeg",
    ] {
        let bytes = fixture(name);
        let whole = encoded(picture(&bytes, &png()));
        for width in [60, 40, 24, 12] {
            let recipe = Recipe {
                width: Some(width),
                ..png()
            };
            let reduced = picture(&bytes, &recipe);
            let difference = mean_difference(&reduced, &picture(&whole, &recipe));
            assert!(difference < 4.0, "{name} at {width}: {difference}");
        }
    }
}

#[test]
fn a_crop_of_a_reduced_jpeg_lies_where_it_should() {
    let bytes = fixture("scene.jpeg");
    let whole = encoded(picture(&bytes, &png()));
    for (gravity, rotate) in [
        (Gravity::NorthWest, Rotation::None),
        (Gravity::East, Rotation::Quarter),
        (Gravity::South, Rotation::Half),
        (Gravity::Center, Rotation::ThreeQuarters),
    ] {
        let recipe = Recipe {
            crop: Some(Crop::Size {
                width: 50,
                height: 40,
            }),
            gravity,
            rotate,
            flip: Flip::Horizontal,
            width: Some(12),
            height: Some(10),
            fit: Fit::Cover,
            ..png()
        };
        let difference = mean_difference(&picture(&bytes, &recipe), &picture(&whole, &recipe));
        assert!(difference < 4.0, "{recipe:?}: {difference}");
    }
}

#[test]
fn turns_go_clockwise_and_flips_follow() {
    let turned = |rotate, flip| {
        let recipe = Recipe {
            rotate,
            flip,
            ..png()
        };
        letters(&picture(&corners(), &recipe))
    };
    assert_eq!(turned(Rotation::None, Flip::None), "rg/bw");
    assert_eq!(turned(Rotation::Quarter, Flip::None), "br/wg");
    assert_eq!(turned(Rotation::Half, Flip::None), "wb/gr");
    assert_eq!(turned(Rotation::ThreeQuarters, Flip::None), "gw/rb");
    assert_eq!(turned(Rotation::None, Flip::Horizontal), "gr/wb");
    assert_eq!(turned(Rotation::None, Flip::Vertical), "bw/rg");
    assert_eq!(turned(Rotation::None, Flip::Both), "wb/gr");
    assert_eq!(turned(Rotation::Quarter, Flip::Horizontal), "rb/gw");
}

#[test]
fn gravity_says_what_stays() {
    let kept = |gravity, width, height| {
        let recipe = Recipe {
            width: Some(width),
            height: Some(height),
            fit: Fit::Cover,
            gravity,
            ..png()
        };
        letters(&picture(&corners(), &recipe))
    };
    // A frame of 4 x 2 shrinks to 2 x 1, as the picture does not grow.
    assert_eq!(kept(Gravity::North, 4, 2), "rg");
    assert_eq!(kept(Gravity::SouthEast, 4, 2), "bw");
    assert_eq!(kept(Gravity::West, 2, 4), "r/b");
    assert_eq!(kept(Gravity::NorthEast, 2, 4), "g/w");
}

#[test]
fn margins_take_the_background() {
    let recipe = Recipe {
        width: Some(4),
        height: Some(2),
        fit: Fit::Contain,
        background: "0000ff".parse().expect("a colour"),
        ..png()
    };
    assert_eq!(letters(&picture(&corners(), &recipe)), "brgb/bbwb");
    // A grey picture becomes coloured where its margins are.
    let grey = Recipe {
        grayscale: true,
        ..recipe
    };
    let image = picture(&corners(), &grey).to_rgb8();
    assert_eq!(image.get_pixel(0, 0).0, [0, 0, 255]);
    assert_eq!(image.get_pixel(1, 0).0, [76; 3]);
}
