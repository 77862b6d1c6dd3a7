//! The weights with which source samples add up to one sample of the result.

use super::Filter;

/// Bits after the point of a weight: 32, less 8 for the sample, less 2 for the overshoot of the filters.
/// All of this file follows Pillow's `libImaging/Resample.c`, down to the rounding.
const PRECISION: u32 = 22;

/// For each position of the result along one axis, which source positions count and how much.
pub(super) struct Kernel {
    /// Where each position's sources begin, and how many there are.
    spans: Vec<(usize, usize)>,
    /// The weights of all positions, one after the other, in fixed point.
    weights: Vec<i32>,
}

impl Kernel {
    /// The weights for bringing the `window`, its start and its length, of an axis of `source` positions to `target`.
    pub(super) fn new(
        source: u32,
        (start, length): (f64, f64),
        target: u32,
        filter: Filter,
    ) -> Self {
        let step = length / f64::from(target);
        // When shrinking, the filter widens with it: that is the antialiasing.
        let stretch = step.max(1.0);
        let support = filter.support() * stretch;
        let mut kernel = Self {
            spans: Vec::with_capacity(target as usize),
            weights: Vec::new(),
        };
        for position in 0..target {
            let centre = start + (f64::from(position) + 0.5) * step;
            let (first, end) = match filter {
                Filter::Nearest => (centre.floor(), centre.floor() + 1.0),
                _ => (
                    (centre - support + 0.5).floor(),
                    (centre + support + 0.5).floor(),
                ),
            };
            let last = f64::from(source - 1);
            let (first, end) = (first.clamp(0.0, last), end.clamp(1.0, last + 1.0));
            kernel.push(first, end, |at| {
                filter.weight((at - centre + 0.5) / stretch)
            });
        }
        kernel
    }

    /// Positions of the result.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Source positions that count for one position of the result, and their weights.
    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &[i32])> {
        let mut rest = self.weights.as_slice();
        self.spans.iter().map(move |(first, count)| {
            let (weights, after) = rest.split_at(*count);
            rest = after;
            (*first, weights)
        })
    }

    fn push(&mut self, first: f64, end: f64, weight: impl Fn(f64) -> f64) {
        let (start, count) = (first as usize, (end - first) as usize);
        let positions = (0..count).map(|offset| first + offset as f64);
        let weights: Vec<f64> = positions.map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let whole = f64::from(1_u32 << PRECISION);
        let fixed = |weight: f64| (weight / sum * whole).round() as i32;
        self.spans.push((start, count));
        self.weights.extend(weights.into_iter().map(fixed));
    }
}

/// What a sum starts from, so that cutting it rounds it.
pub(super) const HALF: i32 = 1 << (PRECISION - 1);

/// The sample that a sum of weighted samples stands for.
#[inline]
pub(super) fn sample(sum: i32) -> u8 {
    (sum >> PRECISION).clamp(0, 255) as u8
}

impl Filter {
    /// How far from the centre sources count, in source pixels where nothing is shrunk.
    fn support(self) -> f64 {
        match self {
            Self::Nearest => 0.0,
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    fn weight(self, x: f64) -> f64 {
        let x = x.abs();
        match self {
            Self::Nearest => 1.0,
            Self::Bilinear => (1.0 - x).max(0.0),
            // Keys 1981, with a = -0.5.
            Self::Bicubic if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
            Self::Bicubic if x < 2.0 => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
            Self::Lanczos if x < 3.0 => sinc(x) * sinc(x / 3.0),
            Self::Bicubic | Self::Lanczos => 0.0,
        }
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    let x = x * std::f64::consts::PI;
    x.sin() / x
}
