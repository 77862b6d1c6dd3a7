//! Recipes and their ranges.

use pupila_imaging::{
    Limits,
    render::{Crop, Encoding, Recipe, Sharpen, render},
};

use crate::fixture::fixture;

fn faults(recipe: &Recipe) -> Vec<&'static str> {
    recipe.check().iter().map(|fault| fault.field).collect()
}

#[test]
fn a_field_out_of_its_range_is_named() {
    let sound = Recipe::default();
    assert_eq!(faults(&sound), [""; 0]);
    let boxed = |left, top, width, height| {
        Some(Crop::Box {
            left,
            top,
            width,
            height,
        })
    };
    let cases = [
        (
            Recipe {
                width: Some(0),
                ..sound.clone()
            },
            "width",
        ),
        (
            Recipe {
                height: Some(8193),
                ..sound.clone()
            },
            "height",
        ),
        (
            Recipe {
                brightness: -0.1,
                ..sound.clone()
            },
            "brightness",
        ),
        (
            Recipe {
                contrast: 10.1,
                ..sound.clone()
            },
            "contrast",
        ),
        (
            Recipe {
                saturation: f64::NAN,
                ..sound.clone()
            },
            "saturation",
        ),
        (
            Recipe {
                blur: 0.1,
                ..sound.clone()
            },
            "blur",
        ),
        (
            Recipe {
                blur: f64::INFINITY,
                ..sound.clone()
            },
            "blur",
        ),
        (
            Recipe {
                sharpen: Sharpen {
                    amount: 11.0,
                    sigma: 1.0,
                },
                ..sound.clone()
            },
            "sharpen",
        ),
        (
            Recipe {
                sharpen: Sharpen {
                    amount: 1.0,
                    sigma: 0.0,
                },
                ..sound.clone()
            },
            "sharpen_sigma",
        ),
        (
            Recipe {
                encoding: Encoding::Jpeg { quality: 0 },
                ..sound.clone()
            },
            "quality",
        ),
        (
            Recipe {
                encoding: Encoding::WebP { quality: 101 },
                ..sound.clone()
            },
            "quality",
        ),
        (
            Recipe {
                crop: boxed(0.5, 0.0, 0.6, 1.0),
                ..sound.clone()
            },
            "crop",
        ),
        (
            Recipe {
                crop: boxed(-0.1, 0.0, 0.5, 1.0),
                ..sound.clone()
            },
            "crop",
        ),
        (
            Recipe {
                crop: boxed(0.0, 0.0, 0.0, 1.0),
                ..sound.clone()
            },
            "crop",
        ),
        (
            Recipe {
                crop: boxed(0.0, f64::NAN, 1.0, 1.0),
                ..sound.clone()
            },
            "crop",
        ),
        (
            Recipe {
                crop: Some(Crop::Aspect {
                    width: 0,
                    height: 1,
                }),
                ..sound.clone()
            },
            "crop",
        ),
        (
            Recipe {
                crop: Some(Crop::Size {
                    width: 1,
                    height: 65_536,
                }),
                ..sound.clone()
            },
            "crop",
        ),
    ];
    for (recipe, field) in cases {
        assert_eq!(faults(&recipe), [field], "{recipe:?}");
    }
}

#[test]
fn all_faults_are_told_at_once_with_what_is_allowed() {
    let recipe = Recipe {
        width: Some(9000),
        blur: 200.0,
        ..Recipe::default()
    };
    let refused = render(&fixture("scene.png"), &recipe, &Limits::default());
    assert_eq!(
        refused.expect_err("refused").to_string(),
        "`width` must be from 1 to 8192; `blur` must be 0, or from 0.3 to 100"
    );
}

#[test]
fn a_box_may_exceed_the_picture_by_what_rounding_does() {
    let recipe = Recipe {
        crop: Some(Crop::Box {
            left: 0.1 + 0.2,
            top: 0.0,
            width: 0.7,
            height: 1.0,
        }),
        ..Recipe::default()
    };
    assert_eq!(faults(&recipe), [""; 0]);
    let rendition = render(&fixture("scene.png"), &recipe, &Limits::default());
    assert_eq!(rendition.map(|it| it.width), Ok(97 - 29));
}
