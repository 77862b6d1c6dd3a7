//! Large squares.

use crate::raster::{Layout, Raster};

/// Squares of that side from the upper left corner on, those at the right and the lower side cut. Each has the mean of
/// its pixels, rounded; colours count by their alpha.
pub(super) fn pixelate(mut raster: Raster, side: u32) -> Raster {
    let (width, side) = (raster.width() as usize, side as usize);
    let layout = raster.layout();
    let samples = raster.samples_mut();
    match layout {
        Layout::Grey => squares::<1, 1>(samples, width, side),
        Layout::GreyAlpha => squares::<2, 1>(samples, width, side),
        Layout::Rgb => squares::<3, 3>(samples, width, side),
        Layout::Rgba => squares::<4, 3>(samples, width, side),
    }
    raster
}

/// Of `N` samples the first `M` are colours; one more is alpha.
fn squares<const N: usize, const M: usize>(samples: &mut [u8], width: usize, side: usize) {
    let (pixels, _) = samples.as_chunks_mut::<N>();
    let mut sums = vec![Sum::<M>::default(); width.div_ceil(side)];
    for band in pixels.chunks_mut(width * side) {
        sums.fill(Sum::default());
        for row in band.chunks_exact(width) {
            for (sum, pixels) in sums.iter_mut().zip(row.chunks(side)) {
                pixels.iter().for_each(|pixel| sum.add(pixel));
            }
        }
        let means: Vec<[u8; N]> = sums.iter().map(Sum::mean).collect();
        for row in band.chunks_exact_mut(width) {
            for (mean, pixels) in means.iter().zip(row.chunks_mut(side)) {
                pixels.fill(*mean);
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Sum<const M: usize> {
    colours: [u64; M],
    /// How much the colours weigh together.
    weight: u64,
    pixels: u64,
}

impl<const M: usize> Default for Sum<M> {
    fn default() -> Self {
        Self {
            colours: [0; M],
            weight: 0,
            pixels: 0,
        }
    }
}

impl<const M: usize> Sum<M> {
    fn add<const N: usize>(&mut self, pixel: &[u8; N]) {
        let alpha = pixel.get(M).map_or(1, |alpha| u64::from(*alpha));
        for (sum, sample) in self.colours.iter_mut().zip(pixel) {
            *sum += u64::from(*sample) * alpha;
        }
        self.weight += alpha;
        self.pixels += 1;
    }

    fn mean<const N: usize>(&self) -> [u8; N] {
        std::array::from_fn(|channel| match self.colours.get(channel) {
            Some(sum) => rounded(*sum, self.weight),
            None => rounded(self.weight, self.pixels),
        })
    }
}

/// Nothing where nothing weighs.
fn rounded(sum: u64, count: u64) -> u8 {
    (sum + count / 2).checked_div(count).unwrap_or(0) as u8
}
