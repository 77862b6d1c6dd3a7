//! Renditions: a file in, another file out, made after a [`Recipe`].

pub(crate) mod area;
pub(crate) mod blur;
mod check;
mod colour;
pub(crate) mod compose;
mod crop;
mod encoding;
mod fingerprint;
pub(crate) mod frame;
mod plan;
pub(crate) mod profile;
mod recipe;
pub(crate) mod scale;
pub(crate) mod tone;
mod turning;

pub use check::InvalidField;
pub use colour::{Colour, NoColour};
pub use crop::{Crop, Gravity};
pub use encoding::Encoding;
pub use fingerprint::VERSION;
pub use frame::Fit;
pub use recipe::{Recipe, Sharpen};
pub use turning::{Flip, Rotation};

use crate::{
    Format, ImageError, Limits,
    decode::{Detail, Source},
    raster::Raster,
};
use area::Area;
use plan::Plan;
use tone::Tone;

/// A file that was made of another one.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// Why there is no rendition. The `Display` texts are written for the person who asked for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The source is no picture, or too dear.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// Fields of the recipe are out of their ranges; at least one.
    #[error("{}", sentence(.0))]
    Recipe(Vec<InvalidField>),
    /// The result would be too large.
    #[error(
        "the rendition would be {width} x {height} pixels; at most {side} a side and {pixels} together are allowed"
    )]
    TooLarge {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
        /// Most pixels of a side: [`Recipe::MAX_SIDE`].
        side: u32,
        /// Most pixels: [`Limits::max_pixels`].
        pixels: u64,
    },
    /// The encoder failed, for which no picture is known.
    #[error("the rendition cannot be written as {format}: {reason}")]
    Encoding {
        /// The format that was asked for.
        format: Format,
        /// What the encoder said.
        reason: String,
    },
}

/// How many copies of the result are held at once, by the dearest step: sharpening.
const COPIES: u64 = 3;

/// Makes a rendition of the first picture of `bytes`.
///
/// The decoder is told how much is needed, and computes little more: a thumbnail of a large JPEG costs hardly more
/// than reading it. The result holds nothing of the source but its pixels, in sRGB.
///
/// # Errors
/// Any [`RenderError`]. Under [`Limits`] fall the source as for [`decode`](crate::decode()), the pixels of the result,
/// and the memory that all steps together take.
pub fn render(bytes: &[u8], recipe: &Recipe, limits: &Limits) -> Result<Rendition, RenderError> {
    let faults = recipe.check();
    if !faults.is_empty() {
        return Err(RenderError::Recipe(faults));
    }
    let mut source = Source::open(bytes, limits)?;
    let profile = source.profile();
    let format = source.format();
    let plan = Plan::new(source.size(), source.turn(), recipe, limits)?;
    let reduction = source.reduction(plan.ratio());
    let raster = source.decode(Detail {
        reduction,
        colours: !recipe.grayscale,
    })?;
    let size = (raster.width(), raster.height());
    let window = plan.window.scaled(reduction.scale(), size);
    if memory(&raster, window, &plan) > limits.max_alloc {
        return Err(ImageError::too_dear(format).into());
    }
    let raster = develop(raster, window, &plan, recipe, profile.as_deref())
        .ok_or_else(|| ImageError::no_pixels(format))?;
    let (width, height) = (raster.width(), raster.height());
    Ok(Rendition {
        bytes: recipe.encoding.encode(raster)?,
        format: recipe.encoding.format(),
        width,
        height,
    })
}

/// All that happens to the pixels, in the order of [`Recipe`].
fn develop(
    raster: Raster,
    window: Area,
    plan: &Plan,
    recipe: &Recipe,
    profile: Option<&[u8]>,
) -> Option<Raster> {
    // Grey first, for the sake of speed: it makes no difference but to the rounding.
    let raster = match recipe.grayscale {
        true => tone::grey(raster)?,
        false => raster,
    };
    let raster = scale::scale(raster, window, plan.size)?.turned(plan.turn);
    // By now it is small, and all that follows is meant for sRGB.
    let mut raster = match profile {
        Some(profile) => profile::to_srgb(raster, profile)?,
        None => raster,
    };
    if let Some(tone) = Tone::of(recipe) {
        tone.apply(&mut raster);
    }
    let raster = blur::blur(raster, recipe.blur)?;
    let raster = blur::sharpen(raster, recipe.sharpen)?;
    let raster = match recipe.encoding.keeps_alpha() {
        true => raster,
        false => compose::flatten(raster, recipe.background)?,
    };
    compose::margins(raster, plan.frame, recipe.background)
}

/// Most bytes of pixels that are held at once.
fn memory(raster: &Raster, window: Area, plan: &Plan) -> u64 {
    let scaling = raster.samples().len() as u64 + scale::memory(raster, window, plan.size);
    let (width, height) = plan.frame;
    // A coloured background makes a grey picture coloured.
    let count = raster.layout().count().max(3) as u64;
    scaling.max(u64::from(width) * u64::from(height) * count * COPIES)
}

fn sentence(faults: &[InvalidField]) -> String {
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    faults.join("; ")
}

// By hand: the bytes help nobody.
impl std::fmt::Debug for Rendition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { format, width, .. } = self;
        write!(f, "Rendition({format} {width}x{})", self.height)
    }
}
