//! Parts of pictures.

use crate::turn::Turn;

/// A part of a picture in pixels, with fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    /// All of a picture.
    pub(crate) fn whole((width, height): (u32, u32)) -> Self {
        Self {
            left: 0.0,
            top: 0.0,
            width: width.into(),
            height: height.into(),
        }
    }

    /// Where this part of a turned picture was before the turn. `whole` is the size of all of the turned picture.
    pub(crate) fn before(self, turn: Turn, whole: (f64, f64)) -> Self {
        let left = match turn.mirrored {
            true => whole.0 - self.left - self.width,
            false => self.left,
        };
        let top = match turn.upended {
            true => whole.1 - self.top - self.height,
            false => self.top,
        };
        let (left, top) = turn.size((left, top));
        let (width, height) = turn.size((self.width, self.height));
        Self {
            left,
            top,
            width,
            height,
        }
    }

    /// This part of a part that itself begins there.
    pub(crate) fn moved(self, left: f64, top: f64) -> Self {
        Self {
            left: self.left + left,
            top: self.top + top,
            ..self
        }
    }

    /// The same part of a picture whose sides are `scale` times as long, and not beyond its end.
    pub(crate) fn scaled(self, scale: f64, (width, height): (u32, u32)) -> Self {
        let (left, top) = (self.left * scale, self.top * scale);
        Self {
            left,
            top,
            width: (self.width * scale).min(f64::from(width) - left),
            height: (self.height * scale).min(f64::from(height) - top),
        }
    }
}
