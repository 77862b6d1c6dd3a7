//! The outline of letters.

use std::f64::consts::TAU;

/// In how many directions the letters are moved. The outline of a stroke of 30 pixels is half a pixel uneven.
const DIRECTIONS: u32 = 16;

/// What the letters cover when they are moved by `stroke` pixels in every direction.
pub(super) fn thicken(letters: &[u8], width: usize, stroke: f64) -> Vec<u8> {
    let mut thick = letters.to_vec();
    for direction in 0..DIRECTIONS {
        let (sin, cos) = (f64::from(direction) / f64::from(DIRECTIONS) * TAU).sin_cos();
        let (across, down) = (
            (stroke * cos).round() as isize,
            (stroke * sin).round() as isize,
        );
        cover(&mut thick, letters, width, across, down);
    }
    thick
}

/// The darker of what is there and what comes from elsewhere.
fn cover(thick: &mut [u8], letters: &[u8], width: usize, across: isize, down: isize) {
    let (right, left) = (across.max(0) as usize, across.min(0).unsigned_abs());
    let (below, above) = (down.max(0) as usize, down.min(0).unsigned_abs());
    let Some(length) = width.checked_sub(right + left) else {
        return;
    };
    let rows = thick.chunks_exact_mut(width).skip(below);
    for (to, from) in rows.zip(letters.chunks_exact(width).skip(above)) {
        let pairs = to[right..][..length].iter_mut().zip(&from[left..]);
        pairs.for_each(|(to, from)| *to = (*to).max(*from));
    }
}
