//! Putting a picture on its background.

use super::Colour;
use crate::raster::{Layout, Raster};

/// The picture without transparency: the background shines through.
pub(crate) fn flatten(raster: Raster, background: Colour) -> Option<Raster> {
    let (width, height) = (raster.width(), raster.height());
    let Colour { red, green, blue } = background;
    match raster.layout() {
        Layout::Grey | Layout::Rgb => Some(raster),
        Layout::GreyAlpha if background.is_grey() => {
            let (pixels, _) = raster.samples().as_chunks::<2>();
            let samples = pixels
                .iter()
                .map(|&[level, alpha]| over(level, alpha, red))
                .collect();
            Raster::new(width, height, Layout::Grey, samples)
        }
        Layout::GreyAlpha | Layout::Rgba => {
            let raster = coloured(raster)?;
            let (pixels, _) = raster.samples().as_chunks::<4>();
            let samples = pixels
                .iter()
                .flat_map(|&[r, g, b, alpha]| {
                    [
                        over(r, alpha, red),
                        over(g, alpha, green),
                        over(b, alpha, blue),
                    ]
                })
                .collect();
            Raster::new(width, height, Layout::Rgb, samples)
        }
    }
}

/// The picture in the middle of a frame of that colour; an odd pixel of margin goes to the right and below.
pub(crate) fn margins(raster: Raster, frame: (u32, u32), background: Colour) -> Option<Raster> {
    if (raster.width(), raster.height()) == frame {
        return Some(raster);
    }
    let raster = match background.is_grey() {
        true => raster,
        false => coloured(raster)?,
    };
    let Colour { red, green, blue } = background;
    let pixel: &[u8] = match raster.layout() {
        Layout::Grey => &[red],
        Layout::GreyAlpha => &[red, 255],
        Layout::Rgb => &[red, green, blue],
        Layout::Rgba => &[red, green, blue, 255],
    };
    let (width, height) = frame;
    let inner = raster.width() as usize * pixel.len();
    let left = width.checked_sub(raster.width())? as usize / 2 * pixel.len();
    let top = height.checked_sub(raster.height())? as usize / 2;
    let mut samples = pixel.repeat(width as usize * height as usize);
    let rows = samples
        .chunks_exact_mut(width as usize * pixel.len())
        .skip(top);
    for (to, from) in rows.zip(raster.samples().chunks_exact(inner)) {
        to[left..left + inner].copy_from_slice(from);
    }
    Raster::new(width, height, raster.layout(), samples)
}

/// In RGB, with alpha if it had one.
pub(crate) fn coloured(raster: Raster) -> Option<Raster> {
    let (width, height) = (raster.width(), raster.height());
    match raster.layout() {
        Layout::Rgb | Layout::Rgba => Some(raster),
        Layout::Grey => {
            let samples = raster.samples().iter().flat_map(|&level| [level; 3]);
            Raster::new(width, height, Layout::Rgb, samples.collect())
        }
        Layout::GreyAlpha => {
            let (pixels, _) = raster.samples().as_chunks::<2>();
            let samples = pixels
                .iter()
                .flat_map(|&[level, alpha]| [level, level, level, alpha]);
            Raster::new(width, height, Layout::Rgba, samples.collect())
        }
    }
}

/// A level that covers another one by `alpha` of 255, rounded.
fn over(level: u8, alpha: u8, below: u8) -> u8 {
    let (level, alpha, below) = (u32::from(level), u32::from(alpha), u32::from(below));
    // At most 255: the weights add up to 255.
    ((level * alpha + below * (255 - alpha) + 127) / 255) as u8
}
