//! Edits: a file in, another file out, with a list of things done to the picture in between, in the order of the list.
//!
//! The file is decoded once and encoded once. All that [`render()`](crate::render()) promises of renditions holds here as
//! well: the picture is upright, its colours are those of sRGB, and nothing of the source but its pixels goes in.

mod auto_contrast;
mod check;
mod cut;
mod edges;
mod error;
mod lettering;
mod mark;
mod pixelate;
mod room;
mod rotate;
mod sepia;
mod stamp;
mod step;
mod target;

pub use error::EditError;
pub use step::{Edit, Frame, Mark, Output, Writing};

use crate::{
    ImageError, Limits,
    decode::{Detail, Source},
    raster::Raster,
    render::{Encoding, Rendition, compose, profile},
};
use room::Room;
use target::Target;

/// Makes another file of the first picture of `bytes`.
///
/// A picture that is first of all made smaller is decoded in no more detail than that needs.
///
/// # Errors
/// Any [`EditError`]. Under [`Limits`] fall the source, the images that are laid over it, and after every edit the pixels
/// and the memory that it takes.
pub fn edit(
    bytes: &[u8],
    edits: &[Edit<'_>],
    output: Output,
    limits: &Limits,
) -> Result<Rendition, EditError> {
    edit_while(bytes, edits, output, limits, || true)
}

/// The same as long as somebody wants it, which is asked before every edit and before the result is written: sixteen edits of
/// a large picture take minutes.
///
/// # Errors
/// Any [`EditError`]; [`EditError::Unwanted`] once `is_wanted` says no.
pub fn edit_while(
    bytes: &[u8],
    edits: &[Edit<'_>],
    output: Output,
    limits: &Limits,
    is_wanted: impl Fn() -> bool,
) -> Result<Rendition, EditError> {
    let wanted = || is_wanted().then_some(()).ok_or(EditError::Unwanted);
    check::check(edits, output)?;
    let mut source = Source::open(bytes, limits)?;
    let format = source.format();
    let room = Room { limits, format };
    let encoding = output.encoding.unwrap_or_else(|| Encoding::like(format));
    let profile = source.profile();
    let (first, rest) = match edits {
        [Edit::Resize(frame), rest @ ..] => (*frame, rest),
        all => (Frame::default(), all),
    };
    wanted()?;
    let raster = opened(source, first, &room)?;
    wanted()?;
    let raster = match profile {
        Some(profile) => profile::to_srgb(raster, &profile),
        None => Some(raster),
    };
    let mut raster = raster.ok_or_else(|| ImageError::no_pixels(format))?;
    for edit in rest {
        raster = edit.apply(raster, &room)?;
        wanted()?;
    }
    room.side((raster.width(), raster.height()), encoding.max_side())?;
    if !encoding.keeps_alpha() {
        raster = compose::flatten(raster, output.background)
            .ok_or_else(|| ImageError::no_pixels(format))?;
    }
    let (width, height) = (raster.width(), raster.height());
    Ok(Rendition {
        bytes: encoding.encode(raster).map_err(EditError::Encoding)?,
        format: encoding.format(),
        width,
        height,
    })
}

/// The upright picture, brought into its first frame.
fn opened(source: Source<'_>, frame: Frame, room: &Room<'_>) -> Result<Raster, EditError> {
    let turn = source.turn();
    let target = Target::new(turn.size(source.size()), frame);
    let reduction = source.reduction(target.ratio());
    let detail = Detail {
        reduction,
        ..Detail::ALL
    };
    let raster = source.decode(detail)?.turned(turn);
    target
        .reduced(reduction.scale(), &raster)
        .apply(raster, room)
}
