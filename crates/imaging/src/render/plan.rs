//! What has to be done to the pixels of a file, as they are stored.

use super::{Recipe, RenderError, area::Area, frame::Framing};
use crate::{Limits, turn::Turn};

/// All geometry of a recipe at once: a part of the stored picture is scaled, then turned, then given margins.
/// It is turned last, because by then it is small; so the part and its size are those of the picture as it is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plan {
    /// The part that is seen.
    pub(super) window: Area,
    /// What it is scaled to.
    pub(super) size: (u32, u32),
    /// How that is turned.
    pub(super) turn: Turn,
    /// The result, margins included.
    pub(super) frame: (u32, u32),
}

impl Plan {
    /// For a picture that is stored in that size, and that `upright` turns upright.
    pub(super) fn new(
        stored: (u32, u32),
        upright: Turn,
        recipe: &Recipe,
        limits: &Limits,
    ) -> Result<Self, RenderError> {
        let whole = upright.size(stored);
        let kept = match recipe.crop {
            Some(crop) => crop.area(whole, recipe.gravity),
            None => Area::whole(whole),
        };
        let asked = Turn::from(recipe.rotate).then(recipe.flip.into());
        // Crops have whole pixels.
        let framed = asked.size((kept.width as u32, kept.height as u32));
        let framing = Framing::new(framed, recipe);
        check_size(framing.frame, limits)?;

        let size_of = |(width, height): (u32, u32)| (f64::from(width), f64::from(height));
        let window = framing
            .window
            .before(asked, size_of(framed))
            .moved(kept.left, kept.top)
            .before(upright, size_of(whole));
        let turn = upright.then(asked);
        Ok(Self {
            window,
            size: turn.size(framing.size),
            turn,
            frame: framing.frame,
        })
    }

    /// The least part of each side of the stored picture that has to be decoded.
    pub(super) fn ratio(&self) -> f64 {
        let across = f64::from(self.size.0) / self.window.width;
        across.max(f64::from(self.size.1) / self.window.height)
    }
}

fn check_size((width, height): (u32, u32), limits: &Limits) -> Result<(), RenderError> {
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > Recipe::MAX_SIDE || pixels > limits.max_pixels {
        return Err(RenderError::TooLarge {
            width,
            height,
            side: Recipe::MAX_SIDE,
            pixels: limits.max_pixels,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Crop, Fit, Flip, Gravity, Rotation};

    /// What every plan must keep to, for any picture and any recipe.
    fn check(stored: (u32, u32), plan: &Plan) {
        let Area {
            left,
            top,
            width,
            height,
        } = plan.window;
        assert!(left >= 0.0 && top >= 0.0 && width > 0.0 && height > 0.0);
        assert!(left + width <= f64::from(stored.0) + 1e-9, "{plan:?}");
        assert!(top + height <= f64::from(stored.1) + 1e-9, "{plan:?}");
    }

    #[test]
    fn a_part_is_found_however_the_picture_is_stored() {
        // The upper right quarter of the upright picture of 40 x 20, whichever way it lies in the file.
        let recipe = Recipe {
            crop: Some(Crop::Size {
                width: 20,
                height: 10,
            }),
            gravity: Gravity::NorthEast,
            ..Recipe::default()
        };
        let turn = |transposed, mirrored, upended| Turn {
            transposed,
            mirrored,
            upended,
        };
        let cases = [
            ((40, 20), turn(false, false, false), (20.0, 0.0)),
            ((40, 20), turn(false, true, false), (0.0, 0.0)),
            ((40, 20), turn(false, false, true), (20.0, 10.0)),
            // Transposed, the right half is the lower one.
            ((20, 40), turn(true, false, false), (0.0, 20.0)),
            ((20, 40), turn(true, true, false), (0.0, 0.0)),
            ((20, 40), turn(true, false, true), (10.0, 20.0)),
        ];
        for (stored, upright, (left, top)) in cases {
            let plan = Plan::new(stored, upright, &recipe, &Limits::default()).expect("small");
            check(stored, &plan);
            assert_eq!(
                (plan.window.left, plan.window.top),
                (left, top),
                "{upright:?}"
            );
            assert_eq!(plan.frame, (20, 10));
            assert_eq!(upright.size(plan.size), (20, 10));
        }
    }

    #[test]
    fn turning_on_demand_comes_after_the_crop_and_before_the_frame() {
        let recipe = Recipe {
            crop: Some(Crop::Aspect {
                width: 2,
                height: 1,
            }),
            rotate: Rotation::Quarter,
            flip: Flip::Horizontal,
            width: Some(10),
            height: Some(10),
            fit: Fit::Cover,
            gravity: Gravity::North,
            ..Recipe::default()
        };
        let plan = Plan::new((60, 40), Turn::default(), &recipe, &Limits::default());
        let plan = plan.expect("small");
        check((60, 40), &plan);
        // 60 x 30 is kept, stands upright as 30 x 60, and its upper 30 x 30 fill the frame:
        // before the turn and the mirroring they were the left half.
        let expected = Area {
            left: 0.0,
            top: 0.0,
            width: 30.0,
            height: 30.0,
        };
        assert_eq!(plan.window, expected);
        assert_eq!((plan.size, plan.frame), ((10, 10), (10, 10)));
    }

    #[test]
    fn a_rendition_has_a_largest_size() {
        let recipe = Recipe {
            height: Some(10),
            ..Recipe::default()
        };
        let refused = Plan::new((8193, 10), Turn::default(), &recipe, &Limits::default());
        assert!(matches!(
            refused,
            Err(RenderError::TooLarge { width: 8193, .. })
        ));
        let limits = Limits {
            max_pixels: 99,
            ..Limits::default()
        };
        let recipe = Recipe {
            width: Some(10),
            height: Some(10),
            fit: Fit::Contain,
            ..Recipe::default()
        };
        let refused = Plan::new((5, 5), Turn::default(), &recipe, &limits);
        assert!(matches!(
            refused,
            Err(RenderError::TooLarge { height: 10, .. })
        ));
    }
}
