//! What can be done to a picture.

use super::{
    EditError, auto_contrast, cut, edges, lettering, mark, pixelate, room::Room, rotate, sepia,
    target::Target,
};
use crate::{
    raster::Raster,
    render::{
        Colour, Crop, Encoding, Fit, Flip, Gravity, Recipe, Sharpen, blur,
        tone::{self, Tone},
    },
};

/// Something to do to a picture. Distances are in pixels of the picture as it is by then.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit<'a> {
    /// Brings it to another size.
    Resize(Frame),
    /// Keeps a part of it; the gravity is for those parts that do not say where they are.
    Crop(Crop, Gravity),
    /// Turns it by so many degrees clockwise, -360 to 360; the colour is that of the corners that come in. It grows so that
    /// nothing is cut off. Quarter turns change no pixel, others are bilinear.
    Rotate(f64, Colour),
    /// Mirrors it.
    Flip(Flip),
    /// Drops the colours: ITU-R BT.601 luma.
    Grayscale,
    /// So much of sepia, 0 to 1, as CSS defines it.
    Sepia(f64),
    /// Factor of every level, as [`Recipe::brightness`].
    Brightness(f64),
    /// Factor of every level's distance from the middle, as [`Recipe::contrast`].
    Contrast(f64),
    /// Factor of every level's distance from the pixel's luma, as [`Recipe::saturation`].
    Saturation(f64),
    /// Stretches the levels from black to white, as Pillow's `ImageOps.autocontrast`. Pixels that are not seen do not
    /// count.
    AutoContrast {
        /// Per cent of the pixels that are left out of account at either end, 0 to 49.
        cutoff: f64,
        /// Stretches all channels alike, by their luma; else each by itself.
        preserve_tone: bool,
    },
    /// A Gaussian of that standard deviation, [`Recipe::MIN_BLUR`] to [`Recipe::MAX_BLUR`].
    Blur(f64),
    /// An unsharp mask.
    Sharpen(Sharpen),
    /// The length of the gradient of the luma, in grey.
    Edges,
    /// Squares of one colour each, with a side of 1 to [`Edit::MAX_SQUARE`] pixels.
    Pixelate(u32),
    /// Writes a line of text over it.
    Write(Writing),
    /// Lays a picture over it: the bytes of an image file.
    Overlay(&'a [u8], Mark),
}

/// A frame that a picture is brought into. The fields are those of [`Recipe`]; the default changes nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Width in pixels, 1 to [`Recipe::MAX_SIDE`].
    pub width: Option<u32>,
    /// Height in pixels, 1 to [`Recipe::MAX_SIDE`]. One side alone keeps the shape of the picture.
    pub height: Option<u32>,
    /// How the picture is brought into a frame of which both sides are given.
    pub fit: Fit,
    /// Which part stays where [`Fit::Cover`] cuts something off.
    pub gravity: Gravity,
    /// Whether it may become larger than it is.
    pub enlarge: bool,
    /// Colour of the margins of [`Fit::Contain`].
    pub background: Colour,
}

/// How something lies over a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where.
    pub gravity: Gravity,
    /// Its width as a ratio of the picture's, more than 0 to 1. It becomes smaller where it would be too high.
    pub size: f64,
    /// Distance from the sides as a ratio of the picture's shorter side, 0 to [`Mark::MAX_MARGIN`].
    pub margin: f64,
    /// How far it covers, 0 to 1.
    pub opacity: f64,
}

/// A line of text over a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Writing {
    /// The text, at most [`Writing::MAX_LENGTH`] characters. What the font does not have becomes a box.
    pub text: String,
    /// Colour of the letters. Their outline is black or white, whichever differs more.
    pub colour: Colour,
    /// How it lies.
    pub mark: Mark,
}

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// `None` for the format of the source, or PNG where that is not written here.
    pub encoding: Option<Encoding>,
    /// What shines through a picture in a format that knows no transparency.
    pub background: Colour,
}

impl Edit<'_> {
    /// Longest side of the squares of [`Edit::Pixelate`].
    pub const MAX_SQUARE: u32 = 1000;

    pub(super) fn apply(&self, raster: Raster, room: &Room<'_>) -> Result<Raster, EditError> {
        let size = (raster.width(), raster.height());
        let recipe = Recipe::default();
        room.copies(size, raster.layout())?;
        let edited = match *self {
            Self::Resize(frame) => return Target::new(size, frame).apply(raster, room),
            Self::Rotate(angle, background) => {
                return rotate::rotate(raster, angle, background, room);
            }
            Self::Write(ref writing) => return lettering::write(raster, writing, room),
            Self::Overlay(bytes, mark) => return mark::overlay(raster, bytes, mark, room),
            Self::Crop(crop, gravity) => cut::cut(raster, crop.area(size, gravity)),
            Self::Flip(flip) => Some(raster.turned(flip.into())),
            Self::Grayscale => tone::grey(raster),
            Self::Sepia(amount) => sepia::sepia(raster, amount),
            Self::Brightness(brightness) => toned(
                raster,
                &Recipe {
                    brightness,
                    ..recipe
                },
            ),
            Self::Contrast(contrast) => toned(raster, &Recipe { contrast, ..recipe }),
            Self::Saturation(saturation) => toned(
                raster,
                &Recipe {
                    saturation,
                    ..recipe
                },
            ),
            Self::AutoContrast {
                cutoff,
                preserve_tone,
            } => Some(auto_contrast::stretch(raster, cutoff, preserve_tone)),
            Self::Blur(sigma) => blur::blur(raster, sigma),
            Self::Sharpen(mask) => blur::sharpen(raster, mask),
            Self::Edges => edges::edges(&raster),
            Self::Pixelate(side) => Some(pixelate::pixelate(raster, side)),
        };
        edited.ok_or_else(|| room.no_pixels())
    }
}

fn toned(mut raster: Raster, recipe: &Recipe) -> Option<Raster> {
    if let Some(tone) = Tone::of(recipe) {
        tone.apply(&mut raster);
    }
    Some(raster)
}

impl Mark {
    /// The widest margin: something is left between two of them.
    pub const MAX_MARGIN: f64 = 0.4;
}

impl Writing {
    /// Most characters.
    pub const MAX_LENGTH: usize = 1000;
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            width: None,
            height: None,
            fit: Fit::default(),
            gravity: Gravity::default(),
            enlarge: false,
            background: Colour::WHITE,
        }
    }
}

impl Default for Output {
    fn default() -> Self {
        Self {
            encoding: None,
            background: Colour::WHITE,
        }
    }
}
