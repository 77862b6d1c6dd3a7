//! Edits against figures of Pillow and NumPy: `fixtures/edits/make.py`.

use image::DynamicImage;
use pupila_imaging::{
    edit::{Edit, Mark},
    render::{Colour, Gravity},
};

use super::{farthest, picture};
use crate::fixture::fixture;

fn golden(name: &str) -> DynamicImage {
    image::load_from_memory(&fixture(&format!("edits/{name}.png"))).expect("sound")
}

/// An edit of a fixture is the golden picture, give or take so many levels.
fn check(source: &str, edit: Edit<'_>, name: &str, tolerance: u8) {
    let made = picture(&fixture(source), &[edit]);
    let difference = farthest(&made, &golden(name));
    assert!(difference <= tolerance, "{name}: {difference}");
}

#[test]
fn sepia_is_that_of_css() {
    check("scene.png", Edit::Sepia(1.0), "sepia-1", 1);
    check("scene.png", Edit::Sepia(0.4), "sepia-0.4", 1);
}

#[test]
fn edges_are_those_of_sobel() {
    check("scene.png", Edit::Edges, "edges", 0);
}

#[test]
fn squares_have_the_mean_of_their_pixels() {
    check("scene.png", Edit::Pixelate(7), "pixelate-7", 0);
    let veiled = "edits/veiled.png";
    check(veiled, Edit::Pixelate(10), "pixelate-veiled-10", 0);
}

#[test]
fn contrast_is_stretched_as_by_pillow() {
    for cutoff in [0.0, 2.5] {
        for (source, preserve_tone, kind) in [
            ("scene.png", false, ""),
            ("scene.png", true, "tone-"),
            ("luma.png", false, "grey-"),
        ] {
            let stretch = Edit::AutoContrast {
                cutoff,
                preserve_tone,
            };
            check(source, stretch, &format!("autocontrast-{kind}{cutoff}"), 0);
        }
    }
}

#[test]
fn any_angle_is_bilinear() {
    let green = Colour {
        red: 10,
        green: 200,
        blue: 90,
    };
    let black = "000000".parse().expect("a colour");
    check("scene.png", Edit::Rotate(30.0, green), "rotate-30", 1);
    check("scene.png", Edit::Rotate(-100.5, black), "rotate--100.5", 1);
}

#[test]
fn a_mark_lies_over_what_is_there() {
    let mark = Mark {
        gravity: Gravity::NorthWest,
        size: 30.0 / 97.0,
        margin: 4.0 / 61.0,
        opacity: 1.0,
    };
    let bytes = fixture("edits/mark.png");
    let edit = Edit::Overlay(&bytes, mark);
    let opaque = picture(&fixture("scene.png"), std::slice::from_ref(&edit));
    let expected = DynamicImage::from(golden("over-scene").to_rgb8());
    assert!(farthest(&opaque, &expected) <= 1);
    check("edits/veiled.png", edit, "over-veiled", 1);
}
