//! Any chain of sound edits yields an image within the limits, or says why not.

use proptest::{prelude::*, sample::select};
use pupila_imaging::{
    Limits,
    edit::{Edit, EditError, Frame, Mark, Writing, edit},
    render::{Colour, Crop, Fit, Flip, Gravity, Sharpen},
};

use super::PNG;
use crate::fixture::encoded;

const OVERLAY: &[u8] = include_bytes!("../../fixtures/edits/mark.png");
const GRAVITIES: [Gravity; 3] = [Gravity::NorthWest, Gravity::Center, Gravity::East];
const FITS: [Fit; 4] = [Fit::Inside, Fit::Cover, Fit::Contain, Fit::Exact];

fn gravity() -> impl Strategy<Value = Gravity> {
    select(&GRAVITIES[..])
}

fn frame() -> impl Strategy<Value = Frame> {
    let side = || prop::option::of(1_u32..80);
    (side(), side(), select(&FITS[..]), gravity(), any::<bool>()).prop_map(
        |(width, height, fit, gravity, enlarge)| Frame {
            width,
            height,
            fit,
            gravity,
            enlarge,
            ..Frame::default()
        },
    )
}

fn crop() -> impl Strategy<Value = Crop> {
    let part = (0.0..0.9, 0.0..0.9, 0.001..0.1, 0.001..0.1);
    prop_oneof![
        part.prop_map(|(left, top, width, height)| Crop::Box {
            left,
            top,
            width,
            height
        }),
        (1_u32..100, 1_u32..100).prop_map(|(width, height)| Crop::Aspect { width, height }),
        (1_u32..100, 1_u32..100).prop_map(|(width, height)| Crop::Size { width, height }),
    ]
}

fn mark() -> impl Strategy<Value = Mark> {
    let numbers = (0.001..=1.0, 0.0..=Mark::MAX_MARGIN, 0.0..=1.0);
    (gravity(), numbers).prop_map(|(gravity, (size, margin, opacity))| Mark {
        gravity,
        size,
        margin,
        opacity,
    })
}

fn colour() -> impl Strategy<Value = Colour> {
    any::<[u8; 3]>().prop_map(|[red, green, blue]| Colour { red, green, blue })
}

fn one() -> impl Strategy<Value = Edit<'static>> {
    let writing = (".{1,12}", colour(), mark()).prop_map(|(text, colour, mark)| Writing {
        text,
        colour,
        mark,
    });
    prop_oneof![
        frame().prop_map(Edit::Resize),
        (crop(), gravity()).prop_map(|(crop, gravity)| Edit::Crop(crop, gravity)),
        (-360.0..=360.0, colour()).prop_map(|(angle, colour)| Edit::Rotate(angle, colour)),
        Just(Edit::Flip(Flip::Both)),
        Just(Edit::Grayscale),
        (0.0..=1.0).prop_map(Edit::Sepia),
        (0.0..=10.0).prop_map(Edit::Contrast),
        (0.0..=49.0, any::<bool>()).prop_map(|(cutoff, preserve_tone)| Edit::AutoContrast {
            cutoff,
            preserve_tone
        }),
        (0.3..=100.0).prop_map(Edit::Blur),
        (0.0..=10.0, 0.3..=10.0)
            .prop_map(|(amount, sigma)| Edit::Sharpen(Sharpen { amount, sigma })),
        Just(Edit::Edges),
        (1..=Edit::MAX_SQUARE).prop_map(Edit::Pixelate),
        writing.prop_map(Edit::Write),
        mark().prop_map(|mark| Edit::Overlay(OVERLAY, mark)),
    ]
}

#[test]
fn any_chain_ends_within_the_limits() {
    let limits = Limits {
        max_pixels: 10_000,
        ..Limits::default()
    };
    let sizes = (1_u32..40, 1_u32..40, any::<bool>());
    let chains = prop::collection::vec(one(), 0..6);
    proptest!(|((width, height, grey) in sizes, chain in chains)| {
        let source = image::RgbaImage::from_fn(width, height, |x, y| {
            image::Rgba([x as u8 * 6, y as u8 * 6, 90, 255 - x as u8 * 3])
        });
        let source = image::DynamicImage::from(source);
        let bytes = match grey {
            true => encoded(source.to_luma8()),
            false => encoded(source),
        };
        match edit(&bytes, &chain, PNG, &limits) {
            Ok(made) => {
                let picture = image::load_from_memory(&made.bytes).expect("sound");
                prop_assert_eq!((picture.width(), picture.height()), (made.width, made.height));
                prop_assert!(u64::from(made.width) * u64::from(made.height) <= limits.max_pixels);
            }
            Err(EditError::TooLarge { .. } | EditError::NothingToWrite) => {}
            // The picture is too small for its letters.
            Err(EditError::Invalid(fault)) if fault.field == "text" => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
    });
}
