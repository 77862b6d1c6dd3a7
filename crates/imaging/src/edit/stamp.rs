//! Laying one picture over another.

use super::Mark;
use crate::{
    raster::{Layout, Raster},
    render::compose::coloured,
};

/// Where a mark lies and how large it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) size: (u32, u32),
}

impl Mark {
    /// How much something of that shape is scaled on a picture of that size: it is as wide as asked for, but within the
    /// margins.
    pub(super) fn scale(self, shape: (f64, f64), whole: (u32, u32)) -> f64 {
        let (_, room) = self.margins(whole);
        let across = (self.size * f64::from(whole.0)).min(room.0) / shape.0;
        across.min(room.1 / shape.1)
    }

    /// Where something of that shape lies on a picture of that size.
    pub(super) fn place(self, shape: (f64, f64), (width, height): (u32, u32)) -> Place {
        let whole = (f64::from(width), f64::from(height));
        let (margin, room) = self.margins((width, height));
        let ratio = self.scale(shape, (width, height));
        let side = |length: f64, most: u32| (length * ratio).round().clamp(1.0, most.into());
        let (across, down) = (side(shape.0, width), side(shape.1, height));
        let (left, top) = self.gravity.rest((room.0 - across, room.1 - down));
        // A mark of one pixel may be larger than its room.
        let within = |start: f64, length: f64, whole: f64| {
            (start + margin).floor().clamp(0.0, whole - length)
        };
        Place {
            left: within(left, across, whole.0) as u32,
            top: within(top, down, whole.1) as u32,
            size: (across as u32, down as u32),
        }
    }

    /// How wide the margins are, and what they leave.
    fn margins(self, (width, height): (u32, u32)) -> (f64, (f64, f64)) {
        let whole = (f64::from(width), f64::from(height));
        let margin = (self.margin * whole.0.min(whole.1)).round();
        (margin, (whole.0 - 2.0 * margin, whole.1 - 2.0 * margin))
    }

    /// How far it covers, of 255.
    pub(super) fn alpha(self) -> u8 {
        (self.opacity * 255.0).round() as u8
    }
}

/// The picture with `mark` over it (Porter and Duff's "over"), of which everything counts by `opacity` of 255. The mark has
/// alpha and lies within the picture. A coloured one makes the picture coloured.
pub(super) fn stamp(raster: Raster, mark: Raster, at: Place, opacity: u8) -> Option<Raster> {
    let grey = |raster: &Raster| raster.layout().opaque() == Layout::Grey;
    let (mut raster, mark) = match grey(&raster) && grey(&mark) {
        true => (raster, mark),
        false => (coloured(raster)?, coloured(mark)?),
    };
    match raster.layout() {
        Layout::Grey => over::<1, 2, 1>(&mut raster, &mark, at, opacity),
        Layout::GreyAlpha => over::<2, 2, 1>(&mut raster, &mark, at, opacity),
        Layout::Rgb => over::<3, 4, 3>(&mut raster, &mark, at, opacity),
        Layout::Rgba => over::<4, 4, 3>(&mut raster, &mark, at, opacity),
    }
    Some(raster)
}

/// Pixels of `N` samples under those of `M`; the first `C` of both are colours.
fn over<const N: usize, const M: usize, const C: usize>(
    raster: &mut Raster,
    mark: &Raster,
    at: Place,
    opacity: u8,
) {
    let (left, top) = (at.left as usize, at.top as usize);
    let across = mark.width() as usize;
    let width = raster.width() as usize;
    let rows = raster
        .samples_mut()
        .as_chunks_mut::<N>()
        .0
        .chunks_exact_mut(width);
    let marks = mark.samples().as_chunks::<M>().0.chunks_exact(across);
    for (row, mark) in rows.skip(top).zip(marks) {
        for (pixel, above) in row[left..].iter_mut().zip(mark) {
            let alpha = divided(u32::from(above[C]) * u32::from(opacity), 255);
            if alpha > 0 {
                blend::<N, C>(pixel, &above[..C], alpha);
            }
        }
    }
}

/// With straight alpha: what is seen of both, divided by how far they cover together.
fn blend<const N: usize, const C: usize>(pixel: &mut [u8; N], above: &[u8], alpha: u32) {
    let below = pixel.get(C).map_or(255, |alpha| u32::from(*alpha));
    // Of 255 * 255, as are the weights.
    let covered = alpha * 255 + below * (255 - alpha);
    for (sample, above) in pixel.iter_mut().zip(above) {
        let sum = u32::from(*above) * alpha * 255 + u32::from(*sample) * below * (255 - alpha);
        *sample = divided(sum, covered) as u8;
    }
    if let Some(own) = pixel.get_mut(C) {
        *own = divided(covered, 255) as u8;
    }
}

fn divided(sum: u32, by: u32) -> u32 {
    (sum + by / 2) / by
}
