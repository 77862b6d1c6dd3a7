//! Edits that nobody means well.

use std::cell::Cell;

use image::{GrayAlphaImage, GrayImage, ImageBuffer, LumaA, Rgba, RgbaImage};
use pupila_imaging::{
    Limits,
    edit::{Edit, EditError, Frame, Mark, Writing, edit, edit_while},
    render::{Colour, Crop, Fit, Flip, Gravity, Sharpen},
};

use super::{PNG, edited, picture};
use crate::fixture::{encoded, fixture};

const MARK: Mark = Mark {
    gravity: Gravity::SouthEast,
    size: 0.5,
    margin: 0.02,
    opacity: 0.7,
};

/// Each edit once.
fn all(overlay: &[u8]) -> Vec<Edit<'_>> {
    let crop = Crop::Box {
        left: 0.3,
        top: 0.3,
        width: 0.5,
        height: 0.5,
    };
    let frame = Frame {
        width: Some(9),
        height: Some(7),
        fit: Fit::Contain,
        ..Frame::default()
    };
    vec![
        Edit::Resize(frame),
        Edit::Crop(crop, Gravity::Center),
        Edit::Rotate(33.0, Colour::WHITE),
        Edit::Rotate(180.0, Colour::WHITE),
        Edit::Flip(Flip::Both),
        Edit::Grayscale,
        Edit::Sepia(0.8),
        Edit::Brightness(3.0),
        Edit::Contrast(3.0),
        Edit::Saturation(3.0),
        Edit::AutoContrast {
            cutoff: 49.0,
            preserve_tone: true,
        },
        Edit::AutoContrast {
            cutoff: 0.0,
            preserve_tone: false,
        },
        Edit::Blur(1.0),
        Edit::Blur(100.0),
        Edit::Sharpen(Sharpen {
            amount: 10.0,
            sigma: 10.0,
        }),
        Edit::Edges,
        Edit::Pixelate(1000),
        Edit::Write(Writing {
            text: "Ñ".to_owned(),
            colour: Colour::WHITE,
            mark: MARK,
        }),
        Edit::Overlay(overlay, MARK),
    ]
}

#[test]
fn every_edit_takes_every_kind_and_shape_of_picture() {
    let overlay = fixture("edits/mark.png");
    let sixteen = ImageBuffer::from_fn(5, 4, |x, y| {
        Rgba([x as u16 * 13_000, y as u16 * 20_000, 9, 40_000])
    });
    let tiny = [
        encoded(GrayImage::new(1, 1)),
        encoded(GrayImage::new(1, 37)),
        encoded(RgbaImage::new(41, 1)),
        encoded(GrayAlphaImage::from_pixel(3, 5, LumaA([90, 40]))),
        encoded(image::DynamicImage::from(sixteen)),
    ];
    let large = [fixture("cmyk.jpeg"), fixture("scene.gif")];
    // Letters have no room in a tiny one, and the whole list makes any tiny.
    let mut wordless = all(&overlay);
    wordless.retain(|one| !matches!(one, Edit::Write(_)));
    let tiny = tiny.iter().map(|file| (file, wordless.clone()));
    for (file, edits) in tiny.chain(large.iter().map(|file| (file, all(&overlay)))) {
        for one in &edits {
            let made = edited(file, std::slice::from_ref(one));
            let made = made.unwrap_or_else(|error| panic!("{one:?}: {error}"));
            image::load_from_memory(&made.bytes).expect("sound");
        }
        picture(file, &wordless);
    }
}

#[test]
fn transparency_is_never_lost_on_the_way() {
    let overlay = fixture("edits/mark.png");
    let veiled = fixture("edits/veiled.png");
    for one in all(&overlay) {
        let made = picture(&veiled, std::slice::from_ref(&one));
        assert!(made.color().has_alpha(), "{one:?}");
    }
}

#[test]
fn what_is_hidden_does_not_come_to_light() {
    // Red that is seen beside green that is not.
    let source = encoded(RgbaImage::from_fn(40, 40, |x, _| match x < 20 {
        true => Rgba([200, 0, 0, 255]),
        false => Rgba([0, 255, 0, 0]),
    }));
    for one in [
        Edit::Blur(3.0),
        Edit::Pixelate(7),
        Edit::Rotate(0.001, Colour::WHITE),
    ] {
        let made = picture(&source, std::slice::from_ref(&one)).to_rgba8();
        let (width, height) = made.dimensions();
        for (x, y, pixel) in made.enumerate_pixels() {
            let inner = x > 0 && y > 0 && x + 1 < width && y + 1 < height;
            assert!(
                !inner || pixel.0[3] < 32 || pixel.0[1] < 16,
                "{one:?}: {pixel:?}"
            );
        }
    }
}

#[test]
fn numbers_that_are_none_are_refused() {
    for wrong in [
        f64::NAN,
        f64::INFINITY,
        -f64::INFINITY,
        1e308,
        -1e308,
        -361.0,
    ] {
        let mark = Mark {
            size: wrong,
            ..MARK
        };
        let far = Mark {
            margin: wrong,
            ..MARK
        };
        let bright = Mark {
            opacity: wrong,
            ..MARK
        };
        let part = Crop::Box {
            left: wrong,
            top: 0.0,
            width: 1.0,
            height: 1.0,
        };
        let sharpen = Sharpen {
            amount: wrong,
            sigma: wrong,
        };
        for one in [
            Edit::Crop(part, Gravity::Center),
            Edit::Rotate(wrong, Colour::WHITE),
            Edit::Sepia(wrong),
            Edit::Brightness(wrong),
            Edit::Contrast(wrong),
            Edit::Saturation(wrong),
            Edit::AutoContrast {
                cutoff: wrong,
                preserve_tone: false,
            },
            Edit::Blur(wrong),
            Edit::Sharpen(sharpen),
            Edit::Overlay(b"", mark),
            Edit::Overlay(b"", far),
            Edit::Overlay(b"", bright),
            Edit::Pixelate(0),
            Edit::Pixelate(u32::MAX),
        ] {
            let at = format!("{one:?}");
            let refused = edited(&fixture("scene.png"), &[one]);
            assert!(matches!(refused, Err(EditError::Invalid(_))), "{at}");
        }
    }
}

#[test]
fn no_chain_grows_beyond_the_limits() {
    let limits = Limits {
        max_pixels: 20_000,
        ..Limits::default()
    };
    let turn = Edit::Rotate(45.0, Colour::WHITE);
    let grow = Edit::Resize(Frame {
        width: Some(8192),
        enlarge: true,
        ..Frame::default()
    });
    let margins = Edit::Resize(Frame {
        width: Some(8192),
        height: Some(8192),
        fit: Fit::Contain,
        ..Frame::default()
    });
    for chain in [vec![turn; 16], vec![grow], vec![Edit::Grayscale, margins]] {
        let refused = edit(&fixture("scene.png"), &chain, PNG, &limits);
        assert!(
            matches!(refused, Err(EditError::TooLarge { pixels: 20_000, .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn what_nobody_wants_any_more_ends_before_its_next_edit() {
    let asked = Cell::new(0);
    let is_wanted = || {
        asked.set(asked.get() + 1);
        asked.get() < 5
    };
    let chain = vec![Edit::Blur(100.0); 16];
    let limits = Limits::default();
    let ended = edit_while(&fixture("scene.png"), &chain, PNG, &limits, is_wanted);
    assert_eq!(ended, Err(EditError::Unwanted));
    assert_eq!(asked.get(), 5);
}

#[test]
fn memory_is_bounded_at_every_edit() {
    let overlay = fixture("edits/mark.png");
    let limits = Limits {
        max_alloc: 60_000,
        ..Limits::default()
    };
    // 97 x 61 pixels of three bytes are decoded, but no edit may copy them.
    for one in all(&overlay).into_iter().skip(1) {
        let refused = edit(
            &fixture("scene.png"),
            std::slice::from_ref(&one),
            PNG,
            &limits,
        );
        let text = refused.expect_err("too dear").to_string();
        assert!(
            text.contains("more memory than is allowed"),
            "{one:?}: {text}"
        );
    }
}
