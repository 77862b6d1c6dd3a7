//! Which part of a picture is kept.

use super::area::Area;

/// The part to keep, of the upright picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Crop {
    /// A box, as ratios of the picture's width and height. It must lie within the picture; its sides are
    /// moved to whole pixels, and at least one pixel is kept.
    Box {
        /// Distance of the left side from the left, 0 to 1.
        left: f64,
        /// Distance of the upper side from the top, 0 to 1.
        top: f64,
        /// More than 0, and `left + width` at most 1.
        width: f64,
        /// More than 0, and `top + height` at most 1.
        height: f64,
    },
    /// The largest part of this shape, such as 16 to 9; gravity says where. Each from 1 to
    /// [`Crop::MAX_SIDE`].
    Aspect {
        /// Width of the shape.
        width: u32,
        /// Height of the shape.
        height: u32,
    },
    /// So many pixels, or as many as there are; gravity says where. Each from 1 to [`Crop::MAX_SIDE`].
    Size {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
}

/// Which part stays where something is cut off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Gravity {
    /// The middle.
    #[default]
    Center,
    /// The upper side.
    North,
    /// The upper right corner.
    NorthEast,
    /// The right side.
    East,
    /// The lower right corner.
    SouthEast,
    /// The lower side.
    South,
    /// The lower left corner.
    SouthWest,
    /// The left side.
    West,
    /// The upper left corner.
    NorthWest,
}

impl Crop {
    /// Most of a side of [`Crop::Aspect`] and [`Crop::Size`].
    pub const MAX_SIDE: u32 = 65_535;

    /// The part of a picture of that size, in whole pixels.
    pub(crate) fn area(self, (width, height): (u32, u32), gravity: Gravity) -> Area {
        match self {
            Self::Box {
                left,
                top,
                width: across,
                height: down,
            } => {
                let (left, across) = pixels(left, across, width);
                let (top, down) = pixels(top, down, height);
                Area {
                    left,
                    top,
                    width: across,
                    height: down,
                }
            }
            Self::Aspect {
                width: across,
                height: down,
            } => {
                let shape = f64::from(across) / f64::from(down);
                let across = (f64::from(height) * shape).round();
                let down = (f64::from(width) / shape).round();
                gravity.place((across, down), (width, height))
            }
            Self::Size {
                width: across,
                height: down,
            } => gravity.place((across.into(), down.into()), (width, height)),
        }
    }
}

/// Start and length in whole pixels.
fn pixels(start: f64, length: f64, side: u32) -> (f64, f64) {
    let side = f64::from(side);
    let first = (start * side).round().min(side - 1.0);
    let end = ((start + length) * side).round().clamp(first + 1.0, side);
    (first, end - first)
}

impl Gravity {
    /// A part of that size, cut to what there is but at least a pixel, where it stays.
    fn place(self, part: (f64, f64), (width, height): (u32, u32)) -> Area {
        let (width, height) = (f64::from(width), f64::from(height));
        let part = (part.0.clamp(1.0, width), part.1.clamp(1.0, height));
        let (left, top) = self.rest((width - part.0, height - part.1));
        Area {
            left: left.floor(),
            top: top.floor(),
            width: part.0,
            height: part.1,
        }
    }

    /// How much of what is cut off is cut off on the left, and at the top.
    pub(crate) fn rest(self, (across, down): (f64, f64)) -> (f64, f64) {
        let (x, y) = match self {
            Self::Center => (0.5, 0.5),
            Self::North => (0.5, 0.0),
            Self::NorthEast => (1.0, 0.0),
            Self::East => (1.0, 0.5),
            Self::SouthEast => (1.0, 1.0),
            Self::South => (0.5, 1.0),
            Self::SouthWest => (0.0, 1.0),
            Self::West => (0.0, 0.5),
            Self::NorthWest => (0.0, 0.0),
        };
        (across * x, down * y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(crop: Crop, gravity: Gravity) -> [f64; 4] {
        let area = crop.area((300, 200), gravity);
        [area.left, area.top, area.width, area.height]
    }

    #[test]
    fn a_box_is_moved_to_whole_pixels() {
        let crop = |left, top, width, height| Crop::Box {
            left,
            top,
            width,
            height,
        };
        let cases = [
            (crop(0.0, 0.0, 1.0, 1.0), [0.0, 0.0, 300.0, 200.0]),
            (crop(0.1, 0.25, 0.5, 0.5), [30.0, 50.0, 150.0, 100.0]),
            (crop(0.001, 0.0, 0.001, 1e-9), [0.0, 0.0, 1.0, 1.0]),
            (crop(1.0, 1.0, 1e-9, 1e-9), [299.0, 199.0, 1.0, 1.0]),
        ];
        for (crop, expected) in cases {
            assert_eq!(area(crop, Gravity::Center), expected, "{crop:?}");
        }
    }

    #[test]
    fn a_shape_is_as_large_as_fits() {
        let square = Crop::Aspect {
            width: 1,
            height: 1,
        };
        assert_eq!(area(square, Gravity::Center), [50.0, 0.0, 200.0, 200.0]);
        assert_eq!(area(square, Gravity::West), [0.0, 0.0, 200.0, 200.0]);
        assert_eq!(area(square, Gravity::SouthEast), [100.0, 0.0, 200.0, 200.0]);
        let ribbon = Crop::Aspect {
            width: 65_535,
            height: 1,
        };
        assert_eq!(area(ribbon, Gravity::South), [0.0, 199.0, 300.0, 1.0]);
    }

    #[test]
    fn a_size_is_cut_to_what_there_is() {
        let size = |width, height| Crop::Size { width, height };
        assert_eq!(
            area(size(100, 50), Gravity::NorthEast),
            [200.0, 0.0, 100.0, 50.0]
        );
        assert_eq!(
            area(size(1000, 51), Gravity::Center),
            [0.0, 74.0, 300.0, 51.0]
        );
    }
}
