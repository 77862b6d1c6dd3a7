//! The eight ways to lay a picture down.

use image::metadata::Orientation;

use crate::raster::{Layout, Raster};

/// Transposed or not, then mirrored. Every quarter turn and every mirroring is one of these eight,
/// and so is every chain of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Turn {
    /// Rows become columns.
    pub(crate) transposed: bool,
    /// Then left becomes right.
    pub(crate) mirrored: bool,
    /// Then up becomes down.
    pub(crate) upended: bool,
}

impl Turn {
    /// This turn, then another one.
    pub(crate) fn then(self, next: Self) -> Self {
        // Whoever transposes what was mirrored left to right gets it mirrored top to bottom.
        let (mirrored, upended) = match next.transposed {
            true => (self.upended, self.mirrored),
            false => (self.mirrored, self.upended),
        };
        Self {
            transposed: self.transposed != next.transposed,
            mirrored: mirrored != next.mirrored,
            upended: upended != next.upended,
        }
    }

    /// Width and height of what had these before. The way back is the same.
    pub(crate) fn size<T>(self, (width, height): (T, T)) -> (T, T) {
        match self.transposed {
            true => (height, width),
            false => (width, height),
        }
    }
}

/// What turns a picture upright that is stored so (EXIF 2.3, tag 0x0112).
impl From<Orientation> for Turn {
    fn from(orientation: Orientation) -> Self {
        let (transposed, mirrored, upended) = match orientation {
            Orientation::NoTransforms => (false, false, false),
            Orientation::FlipHorizontal => (false, true, false),
            Orientation::Rotate180 => (false, true, true),
            Orientation::FlipVertical => (false, false, true),
            Orientation::Rotate90FlipH => (true, false, false),
            Orientation::Rotate90 => (true, true, false),
            Orientation::Rotate270FlipH => (true, true, true),
            Orientation::Rotate270 => (true, false, true),
        };
        Self {
            transposed,
            mirrored,
            upended,
        }
    }
}

impl Raster {
    /// The picture laid down otherwise.
    pub(crate) fn turned(self, turn: Turn) -> Self {
        match self.layout() {
            Layout::Grey => turned::<1>(self, turn),
            Layout::GreyAlpha => turned::<2>(self, turn),
            Layout::Rgb => turned::<3>(self, turn),
            Layout::Rgba => turned::<4>(self, turn),
        }
    }
}

fn turned<const N: usize>(raster: Raster, turn: Turn) -> Raster {
    let mut raster = match turn.transposed {
        true => transposed::<N>(raster),
        false => raster,
    };
    let width = raster.width() as usize;
    let (pixels, _) = raster.samples_mut().as_chunks_mut::<N>();
    match (turn.mirrored, turn.upended) {
        (true, true) => pixels.reverse(),
        (true, false) => pixels.chunks_exact_mut(width).for_each(<[_]>::reverse),
        (false, true) => {
            let half = pixels.len() / width / 2 * width;
            let (upper, lower) = pixels.split_at_mut(pixels.len() - half);
            let rows = lower.chunks_exact_mut(width).rev();
            upper
                .chunks_exact_mut(width)
                .zip(rows)
                .for_each(|(a, b)| a.swap_with_slice(b));
        }
        (false, false) => {}
    }
    raster
}

/// Side of the squares in which a picture is transposed: their rows and columns all stay in the cache.
const SQUARE: usize = 32;

fn transposed<const N: usize>(raster: Raster) -> Raster {
    let (width, height) = (raster.width() as usize, raster.height() as usize);
    let mut samples = vec![0; raster.samples().len()];
    let (from, _) = raster.samples().as_chunks::<N>();
    let (to, _) = samples.as_chunks_mut::<N>();
    for top in (0..height).step_by(SQUARE) {
        for left in (0..width).step_by(SQUARE) {
            for y in top..height.min(top + SQUARE) {
                for x in left..width.min(left + SQUARE) {
                    to[x * height + y] = from[y * width + x];
                }
            }
        }
    }
    // There are as many samples as before.
    Raster::new(raster.height(), raster.width(), raster.layout(), samples).unwrap_or(raster)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Orientation; 8] = [
        Orientation::NoTransforms,
        Orientation::FlipHorizontal,
        Orientation::Rotate180,
        Orientation::FlipVertical,
        Orientation::Rotate90FlipH,
        Orientation::Rotate90,
        Orientation::Rotate270FlipH,
        Orientation::Rotate270,
    ];

    fn raster() -> Raster {
        Raster::new(3, 5, Layout::GreyAlpha, (0..30).collect()).expect("full")
    }

    #[test]
    fn turns_are_those_of_the_image_crate() {
        for orientation in ALL {
            let turned = raster().turned(orientation.into());
            let image = image::GrayAlphaImage::from_raw(3, 5, (0..30).collect()).expect("full");
            let mut image = image::DynamicImage::from(image);
            image.apply_orientation(orientation);
            assert_eq!(turned.samples(), image.as_bytes(), "{orientation:?}");
            assert_eq!(
                (turned.width(), turned.height()),
                (image.width(), image.height())
            );
        }
    }

    #[test]
    fn two_turns_are_one() {
        for first in ALL.map(Turn::from) {
            for second in ALL.map(Turn::from) {
                let both = raster().turned(first).turned(second);
                assert_eq!(
                    both,
                    raster().turned(first.then(second)),
                    "{first:?} {second:?}"
                );
            }
        }
    }

    #[test]
    fn squares_meet_where_a_picture_has_more_than_one() {
        let samples: Vec<u8> = (0..70 * 50).map(|at| (at % 251) as u8).collect();
        let raster = Raster::new(70, 50, Layout::Grey, samples).expect("full");
        let turn = Turn::from(Orientation::Rotate90FlipH);
        let once = raster.clone().turned(turn);
        assert_eq!(once.samples()[50 * 69 + 49], raster.samples()[70 * 49 + 69]);
        assert_eq!(once.turned(turn), raster);
    }
}
