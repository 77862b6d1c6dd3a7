//! Whatever a recipe asks for within its ranges can be made.

use proptest::prelude::*;
use pupila_imaging::{
    Limits,
    render::{
        Colour, Crop, Encoding, Fit, Flip, Gravity, Recipe, RenderError, Rotation, Sharpen, render,
    },
};

use crate::fixture::fixture;

fn crop() -> impl Strategy<Value = Option<Crop>> {
    let ratio =
        || (0.0..1.0_f64, 0.0001..1.0_f64).prop_map(|(start, part)| (start, (1.0 - start) * part));
    let side = || prop_oneof![1..200_u32, 1..=Crop::MAX_SIDE];
    prop_oneof![
        Just(None),
        (ratio(), ratio()).prop_map(|((left, width), (top, height))| {
            Some(Crop::Box {
                left,
                top,
                width,
                height,
            })
        }),
        (side(), side()).prop_map(|(width, height)| Some(Crop::Aspect { width, height })),
        (side(), side()).prop_map(|(width, height)| Some(Crop::Size { width, height })),
    ]
}

fn gravity() -> impl Strategy<Value = Gravity> {
    prop::sample::select(vec![
        Gravity::Center,
        Gravity::North,
        Gravity::NorthEast,
        Gravity::East,
        Gravity::SouthEast,
        Gravity::South,
        Gravity::SouthWest,
        Gravity::West,
        Gravity::NorthWest,
    ])
}

prop_compose! {
    fn geometry()(
        crop in crop(),
        gravity in gravity(),
        rotate in prop::sample::select(vec![Rotation::None, Rotation::Quarter, Rotation::Half, Rotation::ThreeQuarters]),
        flip in prop::sample::select(vec![Flip::None, Flip::Horizontal, Flip::Vertical, Flip::Both]),
        width in prop::option::of(1..400_u32),
        height in prop::option::of(1..400_u32),
        fit in prop::sample::select(vec![Fit::Inside, Fit::Cover, Fit::Contain, Fit::Exact]),
        enlarge: bool,
    ) -> Recipe {
        Recipe { crop, gravity, rotate, flip, width, height, fit, enlarge, ..Recipe::default() }
    }
}

prop_compose! {
    fn recipe()(
        geometry in geometry(),
        grayscale: bool,
        factors in prop::array::uniform3(prop_oneof![Just(1.0), 0.0..=Recipe::MAX_FACTOR]),
        blur in prop_oneof![Just(0.0), Recipe::MIN_BLUR..=Recipe::MAX_BLUR],
        amount in prop_oneof![Just(0.0), 0.0..=Recipe::MAX_FACTOR],
        sigma in Sharpen::MIN_SIGMA..=Sharpen::MAX_SIGMA,
        background in any::<[u8; 3]>(),
        encoding in prop_oneof![
            Just(Encoding::Png),
            (1..=100_u8).prop_map(|quality| Encoding::Jpeg { quality }),
            (1..=100_u8).prop_map(|quality| Encoding::WebP { quality }),
        ],
    ) -> Recipe {
        let [brightness, contrast, saturation] = factors;
        let [red, green, blue] = background;
        Recipe {
            grayscale,
            brightness,
            contrast,
            saturation,
            blur,
            sharpen: Sharpen { amount, sigma },
            background: Colour { red, green, blue },
            encoding,
            ..geometry
        }
    }
}

const SOURCES: [&str; 9] = [
    "scene.png",
    "scene.gif",
    "scene.tiff",
    "scene.jpeg",
    "grey.jpeg",
    "cmyk.jpeg",
    "lossy.webp",
    "orientation-5.jpeg",
    "orientation-8.png",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn every_sound_recipe_yields_a_sound_file(name in prop::sample::select(SOURCES.as_slice()), recipe in recipe()) {
        prop_assert_eq!(recipe.check(), []);
        match render(&fixture(name), &recipe, &Limits::default()) {
            Ok(rendition) => {
                let image = image::load_from_memory(&rendition.bytes).expect("sound");
                prop_assert_eq!((rendition.width, rendition.height), (image.width(), image.height()));
                prop_assert!(rendition.width.max(rendition.height) <= Recipe::MAX_SIDE);
            }
            // One side of a ribbon may lead to a very long other one.
            Err(RenderError::TooLarge { width, height, .. }) => {
                prop_assert!(recipe.enlarge && width.max(height) > Recipe::MAX_SIDE);
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn other_recipes_have_other_fingerprints(one in recipe(), other in recipe()) {
        prop_assert_eq!(one.fingerprint(), one.clone().fingerprint());
        prop_assert_eq!(one == other, one.fingerprint() == other.fingerprint());
        prop_assert!(one.fingerprint().bytes().all(|byte| byte.is_ascii_graphic()));
    }
}
