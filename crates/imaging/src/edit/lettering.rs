//! Text over a picture.

mod line;
mod outline;

use super::{
    EditError, Mark, Writing,
    room::Room,
    stamp::{Place, stamp},
};
use crate::{
    luma::luma,
    raster::{Layout, Raster},
    render::{Colour, InvalidField},
};
use line::Line;

/// Least height of letters that can be read, from the lowest to the highest of the font, in pixels.
const LEAST: f64 = 8.0;

/// Bytes that are held for a pixel of the line: two masks, and what is made of them.
const HELD: u64 = 2 + 4;

/// The picture with a line of text over it.
pub(super) fn write(
    raster: Raster,
    writing: &Writing,
    room: &Room<'_>,
) -> Result<Raster, EditError> {
    let line = Line::new(&writing.text)?;
    let place = legible(&line, writing.mark, (raster.width(), raster.height()))?;
    let (width, height) = place.size;
    room.bytes(raster.samples().len() as u64 + u64::from(width) * u64::from(height) * HELD)?;
    let drawn = line.draw(place.size);
    let outline = outline::thicken(&drawn.letters, width as usize, drawn.stroke);
    let lettering = coloured(place.size, &drawn.letters, &outline, writing.colour);
    lettering
        .and_then(|lettering| stamp(raster, lettering, place, writing.mark.alpha()))
        .ok_or_else(|| room.no_pixels())
}

/// Where the line lies on a picture of that size. A line that could not be read is made as large as it has to be.
fn legible(line: &Line, mut mark: Mark, whole: (u32, u32)) -> Result<Place, EditError> {
    let shape = line.shape();
    let least = LEAST / Line::letters(1.0);
    mark.size = mark.size.max(least * shape.0 / f64::from(whole.0));
    let scale = mark.scale(shape, whole);
    // But for what rounding takes.
    if scale < least * 0.999 {
        let ((width, height), letters) = (whole, Line::letters(scale).floor());
        return Err(EditError::Invalid(InvalidField {
            field: "text",
            description: format!(
                "cannot be read on an image of {width} x {height} pixels: its letters would be {letters} pixels high, and \
                 at least {LEAST} are needed"
            ),
        }));
    }
    Ok(mark.place(shape, whole))
}

/// Letters of that colour on an outline of the opposite. In grey where the colour is.
fn coloured(
    (width, height): (u32, u32),
    letters: &[u8],
    outline: &[u8],
    Colour { red, green, blue }: Colour,
) -> Option<Raster> {
    let edge = if luma(&[red, green, blue]) < 128 {
        255
    } else {
        0
    };
    // The outline covers all that the letters do.
    let mixed = |level: u8, letter: u8, outline: u8| {
        let (letter, outline) = (u32::from(letter), u32::from(outline));
        let sum = u32::from(level) * letter + edge * (outline - letter) + outline / 2;
        sum.checked_div(outline).unwrap_or(0) as u8
    };
    let pixels = letters.iter().zip(outline);
    let (layout, samples) = if red == green && green == blue {
        let pixels = pixels.flat_map(|(letter, outline)| [mixed(red, *letter, *outline), *outline]);
        (Layout::GreyAlpha, pixels.collect())
    } else {
        let pixels = pixels.flat_map(|(letter, outline)| {
            let [red, green, blue] =
                [red, green, blue].map(|level| mixed(level, *letter, *outline));
            [red, green, blue, *outline]
        });
        (Layout::Rgba, pixels.collect())
    };
    Raster::new(width, height, layout, samples)
}
