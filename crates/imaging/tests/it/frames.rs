//! How large renditions become, for any picture and any frame.

use std::io::Cursor;

use image::{GrayImage, ImageFormat};
use proptest::prelude::*;
use pupila_imaging::{
    Limits,
    render::{Crop, Encoding, Fit, Recipe, RenderError, Rotation, render},
};

/// An empty picture: sizes do not depend on what it shows.
fn blank(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    GrayImage::new(width, height)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("written");
    bytes.into_inner()
}

fn size(source: (u32, u32), recipe: &Recipe) -> (u32, u32) {
    let rendition =
        render(&blank(source.0, source.1), recipe, &Limits::default()).expect("a rendition");
    let told = (rendition.width, rendition.height);
    let written = image::load_from_memory(&rendition.bytes).expect("sound");
    assert_eq!(told, (written.width(), written.height()));
    told
}

fn frame(width: u32, height: u32, fit: Fit) -> Recipe {
    Recipe {
        width: (width > 0).then_some(width),
        height: (height > 0).then_some(height),
        fit,
        encoding: Encoding::Png,
        ..Recipe::default()
    }
}

#[test]
fn frames_do_what_the_documentation_says() {
    // 300 x 200, and a width and a height, 0 for none; without and with enlarging.
    let cases = [
        (Fit::Inside, (0, 0), (300, 200), (300, 200)),
        (Fit::Inside, (100, 100), (100, 67), (100, 67)),
        (Fit::Inside, (600, 600), (300, 200), (600, 400)),
        (Fit::Inside, (600, 100), (150, 100), (150, 100)),
        (Fit::Cover, (100, 100), (100, 100), (100, 100)),
        (Fit::Cover, (600, 600), (200, 200), (600, 600)),
        // The frame shrinks as little as it must.
        (Fit::Cover, (400, 100), (300, 75), (400, 100)),
        (Fit::Cover, (100, 400), (50, 200), (100, 400)),
        (Fit::Contain, (100, 100), (100, 100), (100, 100)),
        (Fit::Contain, (600, 600), (600, 600), (600, 600)),
        (Fit::Exact, (100, 100), (100, 100), (100, 100)),
        (Fit::Exact, (600, 100), (300, 100), (600, 100)),
    ];
    for (fit, (width, height), kept, enlarged) in cases {
        let mut recipe = frame(width, height, fit);
        assert_eq!(size((300, 200), &recipe), kept, "{recipe:?}");
        recipe.enlarge = true;
        assert_eq!(size((300, 200), &recipe), enlarged, "{recipe:?}");
    }
}

#[test]
fn one_side_alone_keeps_the_shape_whatever_the_fit() {
    for fit in [Fit::Inside, Fit::Cover, Fit::Contain, Fit::Exact] {
        assert_eq!(size((300, 200), &frame(30, 0, fit)), (30, 20));
        assert_eq!(size((300, 200), &frame(0, 30, fit)), (45, 30));
        assert_eq!(size((300, 200), &frame(600, 0, fit)), (300, 200));
    }
}

#[test]
fn a_ribbon_keeps_a_pixel() {
    assert_eq!(size((4000, 1), &frame(10, 10, Fit::Inside)), (10, 1));
    assert_eq!(size((1, 4000), &frame(0, 10, Fit::Inside)), (1, 10));
    assert_eq!(size((1, 1), &frame(8, 8, Fit::Cover)), (1, 1));
}

#[test]
fn a_picture_that_is_larger_than_any_rendition_becomes_as_large_as_one_may() {
    for enlarge in [false, true] {
        let recipe = Recipe {
            enlarge,
            ..frame(0, 0, Fit::Inside)
        };
        assert_eq!(size((9000, 30), &recipe), (8192, 27));
        assert_eq!(size((30, 16_384), &recipe), (15, 8192));
        assert_eq!(size((8192, 30), &recipe), (8192, 30));
    }
}

#[test]
fn a_rendition_that_would_be_too_large_is_refused_before_it_is_made() {
    let mut recipe = frame(8192, 0, Fit::Inside);
    recipe.enlarge = true;
    let refused = render(&blank(10, 1000), &recipe, &Limits::default());
    let expected = RenderError::TooLarge {
        width: 8192,
        height: 819_200,
        side: 8192,
        pixels: 50_000_000,
    };
    assert_eq!(refused, Err(expected));
}

#[test]
fn memory_is_bound_for_the_result_too() {
    let limits = Limits {
        max_alloc: 1_000_000,
        ..Limits::default()
    };
    let recipe = frame(2000, 2000, Fit::Contain);
    let refused = render(&blank(10, 10), &recipe, &limits);
    assert!(matches!(refused, Err(RenderError::Image(_))), "{refused:?}");
}

#[test]
fn memory_is_bound_for_scaling_a_ribbon_too() {
    let limits = Limits {
        max_alloc: 1_000_000,
        ..Limits::default()
    };
    let refused = render(&blank(60_000, 1), &frame(10, 0, Fit::Inside), &limits);
    assert!(matches!(refused, Err(RenderError::Image(_))), "{refused:?}");
    assert!(render(&blank(245, 245), &frame(10, 0, Fit::Inside), &limits).is_ok());
}

#[test]
fn a_crop_and_a_turn_come_before_the_frame() {
    let recipe = Recipe {
        crop: Some(Crop::Box {
            left: 0.5,
            top: 0.0,
            width: 0.5,
            height: 0.5,
        }),
        rotate: Rotation::Quarter,
        ..frame(50, 50, Fit::Inside)
    };
    // 300 x 200 is cropped to 150 x 100, which stands as 100 x 150.
    assert_eq!(size((300, 200), &recipe), (33, 50));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn every_frame_is_kept_to(
        source in (1..90_u32, 1..90_u32),
        asked in (1..120_u32, 1..120_u32),
        fit in prop::sample::select(vec![Fit::Inside, Fit::Cover, Fit::Contain, Fit::Exact]),
        enlarge: bool,
    ) {
        let recipe = Recipe { enlarge, ..frame(asked.0, asked.1, fit) };
        let (width, height) = size(source, &recipe);
        prop_assert!(width <= asked.0 && height <= asked.1);
        if enlarge {
            // Some side is as long as asked for, and most fits fill both.
            prop_assert!(width == asked.0 || height == asked.1);
            prop_assert!(fit == Fit::Inside || (width, height) == asked);
        } else if fit != Fit::Contain {
            prop_assert!(width <= source.0 && height <= source.1);
        }
        // Shapes are kept, to half a pixel on either side.
        let close = |a: (u32, u32), b: (u32, u32)| {
            let [aw, ah, bw, bh] = [a.0, a.1, b.0, b.1].map(f64::from);
            (aw * bh - ah * bw).abs() <= (bw + bh) / 2.0 + 1e-9 || a.0 == 1 || a.1 == 1
        };
        match fit {
            Fit::Inside => prop_assert!(close((width, height), source)),
            Fit::Cover => prop_assert!(close((width, height), asked)),
            Fit::Contain => prop_assert_eq!((width, height), asked),
            Fit::Exact => {}
        }
    }
}
