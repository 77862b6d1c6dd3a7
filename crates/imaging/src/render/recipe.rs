//! What is to be made of a picture.

use super::{Colour, Crop, Encoding, Fit, Flip, Gravity, Rotation};

/// What to make of a picture. [`Recipe::default`] is the upright picture, encoded anew.
///
/// Applied in this order, whatever the order in which somebody asked: the picture is turned upright as its EXIF
/// orientation says, cropped, rotated, flipped, resized; turned grey, brightened, contrasted, saturated; blurred,
/// sharpened; put on its background; encoded. [`Recipe::check`] holds every field against its range.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// The part to keep; all of it by default.
    pub crop: Option<Crop>,
    /// Which part stays where [`Crop::Aspect`], [`Crop::Size`] or [`Fit::Cover`] cut something off.
    pub gravity: Gravity,
    /// How it is turned.
    pub rotate: Rotation,
    /// How it is mirrored, after it was turned.
    pub flip: Flip,
    /// Width of the frame in pixels, 1 to [`Recipe::MAX_SIDE`]. Where only one side is given, the other one follows
    /// by the shape of the picture; where none is, the picture keeps its size, or
    /// as much of it as fits into [`Recipe::MAX_SIDE`].
    pub width: Option<u32>,
    /// Height of the frame in pixels, 1 to [`Recipe::MAX_SIDE`].
    pub height: Option<u32>,
    /// How it is brought into a frame of which both sides are given.
    pub fit: Fit,
    /// Whether it may become larger than it is. [`Fit`] says what happens to a frame that is too large for it.
    pub enlarge: bool,
    /// Drops the colours: ITU-R BT.601 luma.
    pub grayscale: bool,
    /// Factor of every level, 0 (black) to [`Recipe::MAX_FACTOR`]; 1 changes nothing.
    pub brightness: f64,
    /// Factor of every level's distance from the middle, 0 (flat) to [`Recipe::MAX_FACTOR`]; 1 changes nothing.
    pub contrast: f64,
    /// Factor of every level's distance from the pixel's luma, 0 (grey) to [`Recipe::MAX_FACTOR`]; 1 changes nothing.
    pub saturation: f64,
    /// Standard deviation of a Gaussian blur in pixels of the result: 0 (none), or [`Recipe::MIN_BLUR`] to
    /// [`Recipe::MAX_BLUR`].
    pub blur: f64,
    /// An unsharp mask.
    pub sharpen: Sharpen,
    /// Colour of the margins of [`Fit::Contain`], and of what shines through a picture in a format that knows no
    /// transparency; white by default.
    pub background: Colour,
    /// How the result is written.
    pub encoding: Encoding,
}

/// An unsharp mask: what a blur would take away is added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sharpen {
    /// How much of it, 0 (none, the default) to [`Recipe::MAX_FACTOR`]; 1 doubles the difference.
    pub amount: f64,
    /// Standard deviation of the blur in pixels of the result, [`Sharpen::MIN_SIGMA`] to [`Sharpen::MAX_SIGMA`];
    /// 1 by default.
    pub sigma: f64,
}

impl Recipe {
    /// Most pixels of a side of a rendition.
    pub const MAX_SIDE: u32 = 8192;
    /// Most of a factor.
    pub const MAX_FACTOR: f64 = 10.0;
    /// Weakest blur; a weaker one would change nothing.
    pub const MIN_BLUR: f64 = 0.3;
    /// Strongest blur.
    pub const MAX_BLUR: f64 = 100.0;
}

impl Sharpen {
    /// The finest mask.
    pub const MIN_SIGMA: f64 = Recipe::MIN_BLUR;
    /// The coarsest mask.
    pub const MAX_SIGMA: f64 = 10.0;
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            crop: None,
            gravity: Gravity::default(),
            rotate: Rotation::default(),
            flip: Flip::default(),
            width: None,
            height: None,
            fit: Fit::default(),
            enlarge: false,
            grayscale: false,
            brightness: 1.0,
            contrast: 1.0,
            saturation: 1.0,
            blur: 0.0,
            sharpen: Sharpen::default(),
            background: Colour::WHITE,
            encoding: Encoding::default(),
        }
    }
}

impl Default for Sharpen {
    fn default() -> Self {
        Self {
            amount: 0.0,
            sigma: 1.0,
        }
    }
}
