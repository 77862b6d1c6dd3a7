//! Where a picture changes.

use crate::{
    luma::luma,
    raster::{Layout, Raster},
};

/// The length of the gradient after Sobel, cut to 255: with the luma `L` (BT.601) of the pixels around,
///
/// ```text
///      | -1 0 1 |            | -1 -2 -1 |
/// gx = | -2 0 2 | L     gy = |  0  0  0 | L     edge = min(255, round(sqrt(gx² + gy²)))
///      | -1 0 1 |            |  1  2  1 |
/// ```
///
/// What lies beyond a side is as the nearest pixel. Luma counts by its alpha, so that what is hidden has no edges but
/// the one of the hole. Alpha stays.
pub(super) fn edges(raster: &Raster) -> Option<Raster> {
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let plane = plane(raster);
    // Three rows at a time, each with a pixel more at both ends.
    let padded = |y: usize| {
        let row = &plane[y * width..(y + 1) * width];
        let mut padded = Vec::with_capacity(width + 2);
        padded.push(row[0]);
        padded.extend_from_slice(row);
        padded.push(row[width - 1]);
        padded
    };
    let mut above = padded(0);
    let mut here = above.clone();
    let mut edges = Vec::with_capacity(plane.len());
    for y in 0..height {
        let below = padded((y + 1).min(height - 1));
        let rows = above.windows(3).zip(here.windows(3)).zip(below.windows(3));
        edges.extend(rows.map(|((above, here), below)| gradient(above, here, below)));
        above = here;
        here = below;
    }
    let (layout, samples) = match raster.layout() {
        Layout::Grey | Layout::Rgb => (Layout::Grey, edges),
        Layout::GreyAlpha => (Layout::GreyAlpha, with_alpha::<2>(&edges, raster)),
        Layout::Rgba => (Layout::GreyAlpha, with_alpha::<4>(&edges, raster)),
    };
    Raster::new(raster.width(), raster.height(), layout, samples)
}

fn gradient(above: &[u8], here: &[u8], below: &[u8]) -> u8 {
    let at = |row: &[u8], x: usize| i32::from(row[x]);
    let across =
        at(above, 2) - at(above, 0) + 2 * (at(here, 2) - at(here, 0)) + at(below, 2) - at(below, 0);
    let down = at(below, 0) - at(above, 0) + 2 * (at(below, 1) - at(above, 1)) + at(below, 2)
        - at(above, 2);
    ((across * across + down * down) as f32).sqrt().round() as u8
}

/// One level a pixel.
fn plane(raster: &Raster) -> Vec<u8> {
    let samples = raster.samples();
    let seen = |level: u8, alpha: u8| ((u32::from(level) * u32::from(alpha) + 127) / 255) as u8;
    match raster.layout() {
        Layout::Grey => samples.to_vec(),
        Layout::Rgb => samples.as_chunks::<3>().0.iter().map(luma).collect(),
        Layout::GreyAlpha => {
            let pixels = samples.as_chunks::<2>().0.iter();
            pixels.map(|&[level, alpha]| seen(level, alpha)).collect()
        }
        Layout::Rgba => {
            let pixels = samples.as_chunks::<4>().0.iter();
            pixels
                .map(|&[red, green, blue, alpha]| seen(luma(&[red, green, blue]), alpha))
                .collect()
        }
    }
}

/// The levels with the last of every `N` samples beside them.
fn with_alpha<const N: usize>(levels: &[u8], raster: &Raster) -> Vec<u8> {
    let pixels = raster.samples().as_chunks::<N>().0.iter();
    let pairs = levels.iter().zip(pixels);
    pairs
        .flat_map(|(level, pixel)| [*level, pixel[N - 1]])
        .collect()
}
