//! Stretching levels from black to white.

use crate::{
    luma::luma,
    raster::{Layout, Raster},
};

type Histogram = [u64; 256];
type Table = [u8; 256];

/// Pillow's `ImageOps.autocontrast(image, cutoff, preserve_tone=…)` to the last bit. Pixels without any alpha do not count;
/// alpha stays.
pub(super) fn stretch(mut raster: Raster, cutoff: f64, preserve_tone: bool) -> Raster {
    let layout = raster.layout();
    let samples = raster.samples_mut();
    match layout {
        Layout::Grey => channels::<1, 1>(samples, cutoff),
        Layout::GreyAlpha => channels::<2, 1>(samples, cutoff),
        Layout::Rgb if preserve_tone => tones::<3>(samples, cutoff),
        Layout::Rgba if preserve_tone => tones::<4>(samples, cutoff),
        Layout::Rgb => channels::<3, 3>(samples, cutoff),
        Layout::Rgba => channels::<4, 3>(samples, cutoff),
    }
    raster
}

/// Each of the first `M` samples of every `N` by itself.
fn channels<const N: usize, const M: usize>(samples: &mut [u8], cutoff: f64) {
    let mut histograms = [[0; 256]; M];
    for pixel in samples.as_chunks::<N>().0 {
        if is_seen::<N, M>(pixel) {
            for (histogram, sample) in histograms.iter_mut().zip(pixel) {
                histogram[usize::from(*sample)] += 1;
            }
        }
    }
    apply::<N, M>(
        samples,
        &histograms.map(|histogram| table(histogram, cutoff)),
    );
}

/// The first three samples of every `N` alike.
fn tones<const N: usize>(samples: &mut [u8], cutoff: f64) {
    let mut histogram = [0; 256];
    for pixel in samples.as_chunks::<N>().0 {
        if is_seen::<N, 3>(pixel) {
            histogram[usize::from(luma(&[pixel[0], pixel[1], pixel[2]]))] += 1;
        }
    }
    apply::<N, 3>(samples, &[table(histogram, cutoff); 3]);
}

fn is_seen<const N: usize, const M: usize>(pixel: &[u8; N]) -> bool {
    N == M || pixel[N - 1] > 0
}

fn apply<const N: usize, const M: usize>(samples: &mut [u8], tables: &[Table; M]) {
    for pixel in samples.as_chunks_mut::<N>().0 {
        for (sample, table) in pixel.iter_mut().zip(tables) {
            *sample = table[usize::from(*sample)];
        }
    }
}

/// What each level becomes. It stays as it is where all pixels that count have one level.
fn table(mut histogram: Histogram, cutoff: f64) -> Table {
    let pixels: u64 = histogram.iter().sum();
    let cut = (pixels as f64 * cutoff / 100.0).floor() as u64;
    take(histogram.iter_mut(), cut);
    take(histogram.iter_mut().rev(), cut);
    let mut table = std::array::from_fn(|level| level as u8);
    let lowest = histogram.iter().position(|count| *count > 0);
    let highest = histogram.iter().rposition(|count| *count > 0);
    if let (Some(lowest), Some(highest)) = (lowest, highest)
        && lowest < highest
    {
        let scale = 255.0 / (highest - lowest) as f64;
        let offset = -(lowest as f64) * scale;
        for (level, stretched) in table.iter_mut().enumerate() {
            // Cut off, not rounded, as Python's `int` does.
            *stretched = (level as f64 * scale + offset) as u8;
        }
    }
    table
}

/// Leaves so many pixels out of account, from one end on.
fn take<'a>(counts: impl Iterator<Item = &'a mut u64>, mut pixels: u64) {
    for count in counts {
        let taken = pixels.min(*count);
        *count -= taken;
        pixels -= taken;
    }
}
