//! Scaling a window of a picture to a frame: along the rows, then along the columns.

use super::{
    Filter,
    kernel::{HALF, Kernel, sample},
};
use crate::Picture;

/// A part of a picture in pixels, with fractions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The samples of the window at `width` x `height` pixels, both at least 1.
///
/// Between the two passes samples are rounded to bytes, so only Pillow's order, rows first, gives Pillow's result.
/// A picture to be widened but shortened by far would take more room between the two than before or after; it goes
/// the other way round, and may come out different by a level here and there.
pub(super) fn scale(
    picture: &Picture,
    window: Window,
    width: u32,
    height: u32,
    filter: Filter,
) -> Vec<u8> {
    let count = picture.channels().count();
    let columns = (window.left, window.width);
    let across = Kernel::new(picture.width(), columns, width, filter);
    let rows = (window.top, window.height);
    let down = Kernel::new(picture.height(), rows, height, filter);

    let area = |width: u32, height: u32| u64::from(width) * u64::from(height);
    let between = area(width, picture.height());
    let (source_row, row) = (picture.width() as usize * count, width as usize * count);
    if between <= area(picture.width(), picture.height()) + area(width, height) {
        let rows = along_rows(picture.samples(), source_row, &across, count);
        along_columns(&rows, row, &down)
    } else {
        let columns = along_columns(picture.samples(), source_row, &down);
        along_rows(&columns, source_row, &across, count)
    }
}

/// Scales each row of `row` samples, `count` a pixel.
fn along_rows(samples: &[u8], row: usize, kernel: &Kernel, count: usize) -> Vec<u8> {
    match count {
        1 => scaled_rows::<1>(samples, row, kernel),
        _ => scaled_rows::<3>(samples, row, kernel),
    }
}

fn scaled_rows<const N: usize>(samples: &[u8], row: usize, kernel: &Kernel) -> Vec<u8> {
    let mut scaled = Vec::with_capacity(samples.len() / row * kernel.len() * N);
    for row in samples.chunks_exact(row) {
        let (pixels, _) = row.as_chunks::<N>();
        for (first, weights) in kernel.iter() {
            let mut sums = [HALF; N];
            for (pixel, weight) in pixels[first..].iter().zip(weights) {
                for (sum, sample) in sums.iter_mut().zip(pixel) {
                    *sum += i32::from(*sample) * weight;
                }
            }
            scaled.extend_from_slice(&sums.map(sample));
        }
    }
    scaled
}

/// Scales all columns at once, row after row of `row` samples: memory is read in its order.
fn along_columns(samples: &[u8], row: usize, kernel: &Kernel) -> Vec<u8> {
    let mut scaled = Vec::new();
    let mut sums = vec![HALF; row];
    for (first, weights) in kernel.iter() {
        sums.fill(HALF);
        for (source, weight) in samples[first * row..].chunks_exact(row).zip(weights) {
            for (sum, sample) in sums.iter_mut().zip(source) {
                *sum += i32::from(*sample) * weight;
            }
        }
        scaled.extend(sums.iter().copied().map(sample));
    }
    scaled
}
