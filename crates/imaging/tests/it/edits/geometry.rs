//! Sizes, parts and turns.

use image::{DynamicImage, Rgb, RgbImage};
use pupila_imaging::{
    edit::{Edit, Frame},
    render::{Colour, Crop, Fit, Flip, Gravity, Recipe, Rotation},
};

use super::{farthest, picture};
use crate::fixture::{encoded, fixture, mean_difference, picture as rendered, png};

fn frame(width: u32, height: u32, fit: Fit) -> Frame {
    Frame {
        width: Some(width),
        height: Some(height),
        fit,
        ..Frame::default()
    }
}

#[test]
fn nothing_to_do_changes_no_pixel() {
    for name in ["scene.png", "luma.png", "scene.gif", "edits/veiled.png"] {
        let bytes = fixture(name);
        let source = image::load_from_memory(&bytes).expect("sound");
        let made = picture(&bytes, &[]);
        assert_eq!(made.to_rgba8(), source.to_rgba8(), "{name}");
    }
}

#[test]
fn one_edit_is_what_a_rendition_does() {
    let bytes = fixture("scene.png");
    let crop = Crop::Box {
        left: 0.25,
        top: 0.5,
        width: 0.5,
        height: 0.25,
    };
    let sharpen = pupila_imaging::render::Sharpen {
        amount: 1.5,
        sigma: 1.0,
    };
    let resized = Recipe {
        width: Some(40),
        height: Some(40),
        fit: Fit::Cover,
        gravity: Gravity::East,
        ..png()
    };
    let cover = Frame {
        gravity: Gravity::East,
        ..frame(40, 40, Fit::Cover)
    };
    #[rustfmt::skip]
    let pairs = [
        (Edit::Resize(cover), resized),
        (Edit::Crop(crop, Gravity::Center), Recipe { crop: Some(crop), ..png() }),
        (Edit::Flip(Flip::Vertical), Recipe { flip: Flip::Vertical, ..png() }),
        (Edit::Rotate(-90.0, Colour::WHITE), Recipe { rotate: Rotation::ThreeQuarters, ..png() }),
        (Edit::Grayscale, Recipe { grayscale: true, ..png() }),
        (Edit::Brightness(1.3), Recipe { brightness: 1.3, ..png() }),
        (Edit::Contrast(0.7), Recipe { contrast: 0.7, ..png() }),
        (Edit::Saturation(2.0), Recipe { saturation: 2.0, ..png() }),
        (Edit::Blur(2.5), Recipe { blur: 2.5, ..png() }),
        (Edit::Sharpen(sharpen), Recipe { sharpen, ..png() }),
    ];
    for (edit, recipe) in pairs {
        let at = format!("{edit:?}");
        let made = picture(&bytes, &[edit]);
        assert_eq!(farthest(&made, &rendered(&bytes, &recipe)), 0, "{at}");
    }
}

#[test]
fn the_order_is_that_of_the_list() {
    let bytes = fixture("scene.png");
    let half = Edit::Resize(frame(48, 30, Fit::Exact));
    let part = Edit::Crop(
        Crop::Size {
            width: 20,
            height: 10,
        },
        Gravity::SouthEast,
    );
    let turn = Edit::Rotate(90.0, Colour::WHITE);
    let size = |edits: &[Edit<'_>]| {
        let made = picture(&bytes, edits);
        (made.width(), made.height())
    };
    assert_eq!(size(&[half.clone(), part.clone(), turn.clone()]), (10, 20));
    assert_eq!(size(&[turn, part.clone(), half.clone()]), (20, 10));
    let first = picture(&bytes, &[half.clone(), part.clone()]);
    let second = picture(&bytes, &[part, half]);
    assert!(mean_difference(&first, &second) > 5.0);
}

#[test]
fn a_first_resize_looks_alike_whether_the_jpeg_is_decoded_whole_or_reduced() {
    for name in [
        "scene.jpeg",
        "progressive.jpeg",
        "grey.jpeg",
        "orientation-6.jpeg",
    ] {
        let bytes = fixture(name);
        for width in [24, 12] {
            let small = Edit::Resize(Frame {
                width: Some(width),
                ..Frame::default()
            });
            let reduced = picture(&bytes, std::slice::from_ref(&small));
            // What comes first here changes nothing, but keeps the resize from being the first.
            let whole = picture(&bytes, &[Edit::Brightness(1.0), small]);
            let difference = mean_difference(&reduced, &whole);
            assert!(difference < 4.0, "{name} at {width}: {difference}");
        }
    }
}

#[test]
fn pictures_are_upright_before_anything_is_done() {
    for number in 1..=8 {
        let bytes = fixture(&format!("orientation-{number}.jpeg"));
        let corner = Edit::Crop(
            Crop::Box {
                left: 0.0,
                top: 0.0,
                width: 0.25,
                height: 0.2,
            },
            Gravity::Center,
        );
        let dark = picture(&bytes, &[corner]).to_luma8();
        assert!(dark.pixels().all(|pixel| pixel.0[0] < 96), "{number}");
    }
}

#[test]
fn turns_go_clockwise_and_four_make_a_whole() {
    let source = DynamicImage::from(RgbImage::from_fn(3, 2, |x, y| {
        Rgb([x as u8 * 80, y as u8 * 90, 7])
    }));
    let bytes = encoded(source.clone());
    let quarter = || Edit::Rotate(90.0, Colour::WHITE);
    let once = picture(&bytes, &[quarter()]).to_rgb8();
    assert_eq!(once.dimensions(), (2, 3));
    // The lower left corner has become the upper left one.
    assert_eq!(once.get_pixel(0, 0), source.to_rgb8().get_pixel(0, 1));
    assert_eq!(
        picture(&bytes, &[quarter(), quarter(), quarter(), quarter()]),
        source
    );
    for whole in [0.0, -0.0, 360.0, -360.0, 1e-6] {
        assert_eq!(
            picture(&bytes, &[Edit::Rotate(whole, Colour::WHITE)]),
            source
        );
    }
}

#[test]
fn a_small_turn_keeps_what_is_in_the_middle() {
    let red = Rgb([200, 30, 60]);
    let bytes = encoded(RgbImage::from_pixel(40, 20, red));
    for angle in [0.5, 17.0, 45.0, 89.5, 133.0, -271.0] {
        let made = picture(&bytes, &[Edit::Rotate(angle, Colour::WHITE)]).to_rgb8();
        let (width, height) = made.dimensions();
        assert_eq!(*made.get_pixel(width / 2, height / 2), red, "{angle}");
    }
    let made = picture(&bytes, &[Edit::Rotate(45.0, Colour::WHITE)]).to_rgb8();
    assert_eq!(made.dimensions(), (43, 43));
    assert_eq!(made.get_pixel(0, 0).0, [255; 3]);
}
