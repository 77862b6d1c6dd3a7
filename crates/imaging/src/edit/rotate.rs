//! Turning by any angle.

use super::{EditError, room::Room};
use crate::{
    raster::{Layout, Raster},
    render::{Colour, Rotation, compose::coloured},
};

/// Bits behind the point of places in a picture: the error that adds up along the longest row is still none.
const BITS: u32 = 32;

/// Degrees within which an angle counts as a quarter turn, which changes no pixel: a row of
/// [`Limits::MAX_SIDE`](crate::Limits::MAX_SIDE) pixels would end a tenth of a pixel off.
const TOLERANCE: f64 = 1e-4;

/// Turned clockwise by so many degrees, as large as the turned picture needs, in the middle of that background.
/// Interpolated bilinearly, colours by their alpha.
pub(super) fn rotate(
    raster: Raster,
    degrees: f64,
    background: Colour,
    room: &Room<'_>,
) -> Result<Raster, EditError> {
    if let Some(rotation) = quarters(degrees) {
        return Ok(raster.turned(rotation.into()));
    }
    let turn = Turned::new((raster.width(), raster.height()), degrees);
    room.pixels(turn.size)?;
    room.copies(turn.size, raster.layout())?;
    let raster = match background.is_grey() {
        true => Some(raster),
        false => coloured(raster),
    };
    raster
        .and_then(|raster| turn.apply(&raster, background))
        .ok_or_else(|| room.no_pixels())
}

fn quarters(degrees: f64) -> Option<Rotation> {
    let quarters = (degrees / 90.0).round();
    let rest = degrees - quarters * 90.0;
    let degrees = (quarters * 90.0).rem_euclid(360.0);
    match rest.abs() < TOLERANCE {
        true => Rotation::from_degrees(degrees as u32),
        false => None,
    }
}

struct Turned {
    size: (u32, u32),
    /// Of the picture as it was.
    from: (u32, u32),
    sin: f64,
    cos: f64,
}

impl Turned {
    fn new(from: (u32, u32), degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (width, height) = (f64::from(from.0), f64::from(from.1));
        // A hair less, so that what is whole but for rounding stays so.
        let side = |length: f64| (length - 1e-6).ceil().max(1.0) as u32;
        let size = (
            side(width * cos.abs() + height * sin.abs()),
            side(width * sin.abs() + height * cos.abs()),
        );
        Self {
            size,
            from,
            sin,
            cos,
        }
    }

    fn apply(&self, raster: &Raster, background: Colour) -> Option<Raster> {
        let Colour { red, green, blue } = background;
        let samples = match raster.layout() {
            Layout::Grey => self.sampled(raster, [red]),
            Layout::GreyAlpha => self.sampled(raster, [red, 255]),
            Layout::Rgb => self.sampled(raster, [red, green, blue]),
            Layout::Rgba => self.sampled(raster, [red, green, blue, 255]),
        };
        Raster::new(self.size.0, self.size.1, raster.layout(), samples)
    }

    fn sampled<const N: usize>(&self, raster: &Raster, background: [u8; N]) -> Vec<u8> {
        let (pixels, _) = raster.samples().as_chunks::<N>();
        let (width, height) = (i64::from(self.from.0), i64::from(self.from.1));
        let pixel = |x: i64, y: i64| match (0..width).contains(&x) && (0..height).contains(&y) {
            true => pixels[(y * width + x) as usize],
            false => background,
        };
        let fixed = |value: f64| (value * f64::from(1_u32 << (BITS / 2)).powi(2)).round() as i64;
        let (right, down) = (fixed(self.cos), fixed(-self.sin));
        let mut samples = Vec::with_capacity(self.size.0 as usize * self.size.1 as usize * N);
        for row in 0..self.size.1 {
            let (x, y) = self.start(row);
            let (mut x, mut y) = (fixed(x), fixed(y));
            for _ in 0..self.size.0 {
                let (left, top) = (x >> BITS, y >> BITS);
                // Beyond by a pixel or more there is nothing but background.
                if left < -1 || left >= width || top < -1 || top >= height {
                    samples.extend_from_slice(&background);
                } else {
                    let corners = [
                        pixel(left, top),
                        pixel(left + 1, top),
                        pixel(left, top + 1),
                        pixel(left + 1, top + 1),
                    ];
                    samples.extend_from_slice(&blend(corners, weights(x, y)));
                }
                x += right;
                y += down;
            }
        }
        samples
    }

    /// Where the middle of the first pixel of a row comes from, counted from the middle of the first pixel.
    fn start(&self, row: u32) -> (f64, f64) {
        let across = 0.5 - f64::from(self.size.0) / 2.0;
        let down = f64::from(row) + 0.5 - f64::from(self.size.1) / 2.0;
        (
            self.cos * across + self.sin * down + f64::from(self.from.0) / 2.0 - 0.5,
            self.cos * down - self.sin * across + f64::from(self.from.1) / 2.0 - 0.5,
        )
    }
}

/// What the four pixels around a place weigh; 65,536 together.
fn weights(x: i64, y: i64) -> [u32; 4] {
    let part = |place: i64| (place >> (BITS - 8)) as u32 & 0xFF;
    let (right, below) = (part(x), part(y));
    let (left, above) = (256 - right, 256 - below);
    [left * above, right * above, left * below, right * below]
}

fn blend<const N: usize>(corners: [[u8; N]; 4], weights: [u32; 4]) -> [u8; N] {
    if N == 1 || N == 3 {
        return std::array::from_fn(|channel| {
            let pairs = corners.iter().zip(weights);
            let sum: u32 = pairs
                .map(|(pixel, weight)| u32::from(pixel[channel]) * weight)
                .sum();
            ((sum + 0x8000) >> 16) as u8
        });
    }
    let covered = corners.map(|pixel| u64::from(pixel[N - 1]));
    let mut shares = [0; 4];
    for (share, (alpha, weight)) in shares.iter_mut().zip(covered.into_iter().zip(weights)) {
        *share = alpha * u64::from(weight);
    }
    let total: u64 = shares.iter().sum();
    std::array::from_fn(|channel| {
        if channel == N - 1 {
            return ((total + 0x8000) >> 16) as u8;
        }
        let pairs = corners.iter().zip(shares);
        let sum: u64 = pairs
            .map(|(pixel, share)| u64::from(pixel[channel]) * share)
            .sum();
        (sum + total / 2).checked_div(total).unwrap_or(0) as u8
    })
}
