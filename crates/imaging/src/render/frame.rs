//! Bringing a picture into a frame: how large it becomes, and which part is seen.

use super::{Gravity, Recipe, area::Area};

/// How a picture is brought into a frame of which both sides are given. What happens to a frame that is larger than
/// the picture is said for a recipe that does not let it become larger than it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fit {
    /// As large as fits; the result is as large as the picture becomes, which is at most as large as it was.
    #[default]
    Inside,
    /// Fills the frame; what does not fit is cut off. The frame shrinks, keeping its shape, until the picture fills it
    /// at its own size.
    Cover,
    /// As large as fits, in the middle of margins up to the frame. The result always has the frame's size: only the
    /// picture within is at most as large as it was.
    Contain,
    /// Fills the frame, stretched. Either side of the frame that is longer than the picture's becomes as long as that.
    Exact,
}

/// How a picture lies in its frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Framing {
    /// The part of the picture that is seen.
    pub(crate) window: Area,
    /// What that part is scaled to.
    pub(crate) size: (u32, u32),
    /// The result, margins included.
    pub(crate) frame: (u32, u32),
}

impl Framing {
    /// For a picture of that size, at least a pixel.
    pub(crate) fn new(source: (u32, u32), recipe: &Recipe) -> Self {
        let window = Area::whole(source);
        let cap = if recipe.enlarge { f64::INFINITY } else { 1.0 };
        let scaled = |ratio: f64| {
            let ratio = ratio.min(cap);
            (pixels(window.width * ratio), pixels(window.height * ratio))
        };
        let whole = |size| Self {
            window,
            size,
            frame: size,
        };
        let (width, height) = match (recipe.width, recipe.height) {
            (None, None) => {
                // Nobody asked for a size, so none is too large to be refused.
                let most = f64::from(Recipe::MAX_SIDE);
                return whole(scaled((most / window.width.max(window.height)).min(1.0)));
            }
            (Some(width), None) => return whole(scaled(f64::from(width) / window.width)),
            (None, Some(height)) => return whole(scaled(f64::from(height) / window.height)),
            (Some(width), Some(height)) => (width, height),
        };
        let (across, down) = (
            f64::from(width) / window.width,
            f64::from(height) / window.height,
        );
        match recipe.fit {
            Fit::Inside => whole(scaled(across.min(down))),
            Fit::Contain => Self {
                frame: (width, height),
                ..whole(scaled(across.min(down)))
            },
            Fit::Exact if recipe.enlarge => whole((width, height)),
            Fit::Exact => whole((width.min(source.0), height.min(source.1))),
            Fit::Cover => Self::cover(window, (width, height), across.max(down), recipe),
        }
    }

    fn cover(whole: Area, (width, height): (u32, u32), ratio: f64, recipe: &Recipe) -> Self {
        let (width, height, ratio) = if ratio > 1.0 && !recipe.enlarge {
            let shrunk = |side: u32| pixels(f64::from(side) / ratio);
            (shrunk(width), shrunk(height), 1.0)
        } else {
            (width, height, ratio)
        };
        let across = (f64::from(width) / ratio).min(whole.width);
        let down = (f64::from(height) / ratio).min(whole.height);
        let window = recipe.gravity.window(whole, (across, down), ratio);
        Self {
            window,
            size: (width, height),
            frame: (width, height),
        }
    }
}

impl Gravity {
    fn window(self, whole: Area, (width, height): (f64, f64), ratio: f64) -> Area {
        let (left, top) = self.rest((whole.width - width, whole.height - height));
        // What keeps its size keeps its pixels: half of one would blur it.
        let (left, top) = match ratio {
            1.0 => (left.floor(), top.floor()),
            _ => (left, top),
        };
        Area {
            left,
            top,
            width,
            height,
        }
    }
}

/// A side in whole pixels, at least one.
fn pixels(length: f64) -> u32 {
    // A length that is too long becomes the longest there is, which no rendition may have.
    (length.round() as u32).max(1)
}
