//! The tones of old photographs.

use crate::{
    raster::{Layout, Raster},
    render::compose::coloured,
};

/// What red, green and blue become, each a sum of all three (CSS Filter Effects Module Level 1, 13.4.3).
const SEPIA: [[f64; 3]; 3] = [
    [0.393, 0.769, 0.189],
    [0.349, 0.686, 0.168],
    [0.272, 0.534, 0.131],
];

/// Bits behind the point of the weights.
const BITS: u32 = 16;

/// So much of sepia, the rest as it was. Alpha stays.
pub(super) fn sepia(raster: Raster, amount: f64) -> Option<Raster> {
    let mut raster = coloured(raster)?;
    let mut weights = [[0; 3]; 3];
    for (row, weights) in weights.iter_mut().enumerate() {
        for (column, weight) in weights.iter_mut().enumerate() {
            let own = if row == column { 1.0 - amount } else { 0.0 };
            let share = SEPIA[row][column] * amount + own;
            *weight = (share * f64::from(1 << BITS)).round() as u32;
        }
    }
    match raster.layout() {
        Layout::Rgba => mix::<4>(raster.samples_mut(), weights),
        _ => mix::<3>(raster.samples_mut(), weights),
    }
    Some(raster)
}

/// The first three samples of every `N`.
fn mix<const N: usize>(samples: &mut [u8], weights: [[u32; 3]; 3]) {
    for pixel in samples.as_chunks_mut::<N>().0 {
        let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(pixel[channel]));
        for (sample, weights) in pixel.iter_mut().zip(weights) {
            let sum = red * weights[0] + green * weights[1] + blue * weights[2];
            *sample = ((sum + (1 << (BITS - 1))) >> BITS).min(255) as u8;
        }
    }
}
