//! Images over images.

use image::{GrayImage, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use pupila_imaging::{
    edit::{Edit, EditError, Mark},
    render::Gravity,
};

use super::{edited, picture};
use crate::fixture::{encoded, fixture};

fn mark(gravity: Gravity) -> Mark {
    Mark {
        gravity,
        size: 0.25,
        margin: 0.1,
        opacity: 1.0,
    }
}

/// The columns and rows of a black picture of 80 x 40 that a white mark of 2 x 1 covers: first and last.
fn covered(mark: Mark) -> [u32; 4] {
    let bytes = encoded(RgbImage::from_pixel(2, 1, Rgb([255; 3])));
    let made = picture(
        &encoded(RgbImage::new(80, 40)),
        &[Edit::Overlay(&bytes, mark)],
    )
    .to_luma8();
    let white = made
        .enumerate_pixels()
        .filter(|(_, _, pixel)| pixel.0[0] > 127);
    white.fold([80, 40, 0, 0], |[left, top, right, bottom], (x, y, _)| {
        [left.min(x), top.min(y), right.max(x), bottom.max(y)]
    })
}

#[test]
fn gravity_and_margin_say_where() {
    // 20 x 10 pixels, 4 from the sides.
    assert_eq!(covered(mark(Gravity::NorthWest)), [4, 4, 23, 13]);
    assert_eq!(covered(mark(Gravity::SouthEast)), [56, 26, 75, 35]);
    assert_eq!(covered(mark(Gravity::Center)), [30, 15, 49, 24]);
    assert_eq!(covered(mark(Gravity::South)), [30, 26, 49, 35]);
}

#[test]
fn a_mark_stays_within_the_margins() {
    let whole = Mark {
        size: 1.0,
        ..mark(Gravity::Center)
    };
    // 64 pixels would make it 32 high: all that the margins leave.
    assert_eq!(covered(whole), [8, 4, 71, 35]);
    let wide = Mark {
        margin: 0.4,
        ..whole
    };
    assert_eq!(covered(wide), [32, 16, 47, 23]);
}

#[test]
fn a_grey_picture_stays_grey_under_a_grey_mark_only() {
    let grey = encoded(GrayImage::from_pixel(20, 20, Luma([100])));
    let red = encoded(RgbImage::from_pixel(4, 4, Rgb([255, 0, 0])));
    let light = encoded(GrayImage::from_pixel(4, 4, Luma([200])));
    let half = Mark {
        opacity: 0.5,
        ..mark(Gravity::Center)
    };
    let made = picture(&grey, &[Edit::Overlay(&light, half)]);
    assert_eq!(made.color(), image::ColorType::L8);
    assert_eq!(made.to_luma8().get_pixel(10, 10).0, [150]);
    let made = picture(&grey, &[Edit::Overlay(&red, half)]).to_rgb8();
    assert_eq!(made.get_pixel(10, 10).0, [178, 50, 50]);
    assert_eq!(made.get_pixel(1, 1).0, [100; 3]);
}

#[test]
fn a_mark_on_nothing_is_all_that_is_seen() {
    let clear = encoded(RgbaImage::from_pixel(20, 20, Rgba([0, 255, 0, 0])));
    let veil = encoded(RgbaImage::from_pixel(4, 4, Rgba([200, 10, 0, 128])));
    let same_size = Mark {
        size: 0.2,
        ..mark(Gravity::Center)
    };
    let made = picture(&clear, &[Edit::Overlay(&veil, same_size)]).to_rgba8();
    assert_eq!(made.get_pixel(10, 10).0, [200, 10, 0, 128]);
    assert_eq!(made.get_pixel(0, 0).0[3], 0);
}

#[test]
fn a_mark_is_laid_upright_and_reduced_like_any_picture() {
    let large = Mark {
        size: 1.0,
        margin: 0.0,
        ..mark(Gravity::Center)
    };
    let base = encoded(RgbImage::from_pixel(24, 16, Rgb([9, 200, 9])));
    for number in 1..=8 {
        let upright = fixture(&format!("orientation-{number}.jpeg"));
        let made = picture(&base, &[Edit::Overlay(&upright, large)]).to_luma8();
        assert!(made.get_pixel(2, 1).0[0] < 96 && made.get_pixel(20, 12).0[0] > 200);
    }
}

#[test]
fn a_mark_that_is_no_image_is_told_apart_from_the_image() {
    let refused = edited(
        &fixture("scene.png"),
        &[Edit::Overlay(b"hello", mark(Gravity::Center))],
    );
    let error = refused.expect_err("no image");
    assert!(matches!(error, EditError::Overlay(_)));
    assert!(
        error
            .to_string()
            .starts_with("the watermark: this is not an image")
    );
}
