//! Text over a picture.

mod line;
mod outline;

use super::{EditError, Writing, room::Room, stamp::stamp};
use crate::{
    luma::luma,
    raster::{Layout, Raster},
    render::Colour,
};
use line::Line;

/// Bytes that are held for a pixel of the line: two masks, and what is made of them.
const HELD: u64 = 2 + 4;

/// The picture with a line of text over it.
pub(super) fn write(
    raster: Raster,
    writing: &Writing,
    room: &Room<'_>,
) -> Result<Raster, EditError> {
    let line = Line::new(&writing.text)?;
    let place = writing
        .mark
        .place(line.shape(), (raster.width(), raster.height()));
    let (width, height) = place.size;
    room.bytes(raster.samples().len() as u64 + u64::from(width) * u64::from(height) * HELD)?;
    let drawn = line.draw(place.size);
    let outline = outline::thicken(&drawn.letters, width as usize, drawn.stroke);
    let lettering = coloured(place.size, &drawn.letters, &outline, writing.colour);
    lettering
        .and_then(|lettering| stamp(raster, lettering, place, writing.mark.alpha()))
        .ok_or_else(|| room.no_pixels())
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
