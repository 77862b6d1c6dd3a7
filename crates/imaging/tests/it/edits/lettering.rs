//! Text over images.

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};
use pupila_imaging::{
    edit::{Edit, EditError, Mark, Writing},
    render::{Colour, Gravity},
};

use super::{edited, picture};
use crate::fixture::encoded;

const ORANGE: Colour = Colour {
    red: 255,
    green: 140,
    blue: 0,
};

fn writing(text: &str) -> Writing {
    Writing {
        text: text.to_owned(),
        colour: Colour::WHITE,
        mark: Mark {
            gravity: Gravity::Center,
            size: 0.8,
            margin: 0.05,
            opacity: 1.0,
        },
    }
}

fn written(writing: Writing) -> DynamicImage {
    let source = encoded(GrayImage::from_pixel(240, 120, Luma([128])));
    picture(&source, &[Edit::Write(writing)])
}

/// Columns and rows that are not as they were: first and last.
fn touched(made: &DynamicImage) -> [u32; 4] {
    let made = made.to_luma8();
    let (width, height) = made.dimensions();
    let touched = made
        .enumerate_pixels()
        .filter(|(_, _, pixel)| pixel.0[0] != 128);
    touched.fold(
        [width, height, 0, 0],
        |[left, top, right, bottom], (x, y, _)| {
            [left.min(x), top.min(y), right.max(x), bottom.max(y)]
        },
    )
}

#[test]
fn a_line_is_as_wide_as_asked_for_and_as_high_as_fits() {
    for text in ["© Radiología Ñandú", "WAVE", "ill", "x"] {
        let [left, top, right, bottom] = touched(&written(writing(text)));
        let (width, height) = (right + 1 - left, bottom + 1 - top);
        assert!(width <= 192 && height <= 108, "{text}: {width} x {height}");
        assert!(width >= 188 || height >= 104, "{text}: {width} x {height}");
        // In the middle.
        assert!(left.abs_diff(239 - right) <= 2 && top.abs_diff(119 - bottom) <= 2);
    }
}

#[test]
fn letters_have_their_colour_and_an_outline_of_the_opposite() {
    let levels = |made: DynamicImage| {
        let made = made.to_luma8();
        let count = |level| made.pixels().filter(|pixel| pixel.0[0] == level).count();
        (count(0), count(255))
    };
    let (black, white) = levels(written(writing("Hola")));
    assert!(
        white > 1500 && (200..white).contains(&black),
        "{black} {white}"
    );
    let (black, white) = levels(written(Writing {
        colour: "000000".parse().expect("a colour"),
        ..writing("Hola")
    }));
    assert!(
        black > 1500 && (200..black).contains(&white),
        "{black} {white}"
    );
}

#[test]
fn a_grey_picture_takes_colours_with_coloured_letters_only() {
    assert_eq!(written(writing("a")).color(), image::ColorType::L8);
    let orange = written(Writing {
        colour: ORANGE,
        ..writing("a")
    });
    let orange = orange.to_rgb8();
    assert!(orange.pixels().any(|pixel| pixel.0 == [255, 140, 0]));
    assert_eq!(orange.get_pixel(0, 0).0, [128; 3]);
}

#[test]
fn what_is_half_opaque_lets_the_picture_through() {
    let mut half = writing("I");
    half.mark.opacity = 0.5;
    let made = written(half).to_luma8();
    // Between 128 and white, and between 128 and black.
    assert!(made.pixels().all(|pixel| (63..=192).contains(&pixel.0[0])));
    assert!(made.pixels().any(|pixel| pixel.0[0] == 192));
}

#[test]
fn letters_of_spanish_and_its_neighbours_are_in_the_font() {
    let boxed = written(writing("\u{10FFFF}"));
    for letter in "áéíóúüñÑ¿¡çßøåžşğłțĐ€ªº«»–—…’ΩπЖяїґ©®™".chars()
    {
        let made = written(writing(&letter.to_string()));
        assert_ne!(made, boxed, "{letter}");
    }
}

#[test]
fn an_accent_may_come_after_its_letter() {
    assert_eq!(
        written(writing("man\u{303}ana")),
        written(writing("mañana"))
    );
}

#[test]
fn what_the_font_does_not_have_becomes_boxes() {
    let emoji = written(writing("😀"));
    assert_eq!(emoji, written(writing("\u{5B57}")));
    assert_ne!(touched(&emoji), [240, 120, 0, 0]);
    // What is only there to change others is not seen.
    assert_eq!(emoji, written(writing("😀\u{FE0F}\u{200D}")));
}

#[test]
fn text_without_anything_to_see_is_refused() {
    let source = encoded(RgbImage::from_pixel(20, 20, Rgb([1, 2, 3])));
    for text in ["", " ", "\u{200B}", "\u{A0}\u{FE0F}", "\n\t"] {
        let refused = edited(&source, &[Edit::Write(writing(text))]);
        assert_eq!(refused, Err(EditError::NothingToWrite), "{text:?}");
    }
}

#[test]
fn accents_over_one_another_cost_a_large_picture_no_more_than_one() {
    let source = encoded(GrayImage::from_pixel(3000, 2000, Luma([128])));
    let written = |text: &str| {
        let mut writing = writing(text);
        writing.mark.size = 1.0;
        edited(&source, &[Edit::Write(writing)])
    };
    let one = written("\u{301}").expect("written");
    let many = "\u{301}".repeat(Writing::MAX_LENGTH);
    assert!(written(&many).expect("written").bytes == one.bytes);
    let different = "\u{300}\u{301}\u{302}\u{303}\u{304}\u{306}\u{308}\u{30B}\u{30C}";
    assert!(matches!(written(different), Err(EditError::Invalid(_))));
}

#[test]
fn the_longest_text_and_the_smallest_picture_do_no_harm() {
    let long = Writing::MAX_LENGTH;
    for (width, height) in [(1, 1), (1, 50), (50, 1), (3, 3)] {
        let source = encoded(GrayImage::from_pixel(width, height, Luma([128])));
        for text in [
            "W".repeat(long),
            "😀".repeat(long),
            "Á".to_owned(),
            "\u{301}".repeat(long),
        ] {
            // An accent alone has room anywhere.
            match edited(&source, &[Edit::Write(writing(&text))]) {
                Ok(made) => assert_eq!((made.width, made.height), (width, height)),
                Err(error) => assert!(matches!(error, EditError::Invalid(_)), "{error}"),
            }
        }
    }
    let source = encoded(GrayImage::from_pixel(9, 9, Luma([128])));
    let refused = edited(&source, &[Edit::Write(writing(&"W".repeat(10_000)))]);
    assert!(matches!(refused, Err(EditError::Invalid(_))));
}

#[test]
fn a_line_is_never_too_small_to_be_read() {
    let sized = |text: &str, size| {
        let mut writing = writing(text);
        writing.mark.size = size;
        writing
    };
    let [left, top, right, bottom] = touched(&written(sized("Radiología", 0.02)));
    let (width, height) = (right + 1 - left, bottom + 1 - top);
    assert!(
        (30..60).contains(&width) && (6..14).contains(&height),
        "{width} x {height}"
    );
    let source = encoded(GrayImage::from_pixel(400, 300, Luma([128])));
    let error = edited(&source, &[Edit::Write(sized(&"W".repeat(200), 0.01))]);
    let told = error.expect_err("no room").to_string();
    assert!(
        told.contains("cannot be read on an image of 400 x 300 pixels"),
        "{told}"
    );
}
