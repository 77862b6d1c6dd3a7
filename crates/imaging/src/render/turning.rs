//! Turning and mirroring on demand.

use crate::turn::Turn;

/// Degrees clockwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rotation {
    /// 0.
    #[default]
    None,
    /// 90: up becomes right.
    Quarter,
    /// 180.
    Half,
    /// 270: up becomes left.
    ThreeQuarters,
}

/// How to mirror.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Flip {
    /// Not at all.
    #[default]
    None,
    /// Left becomes right.
    Horizontal,
    /// Up becomes down.
    Vertical,
    /// Both.
    Both,
}

impl Rotation {
    /// The rotation of so many degrees clockwise: 0, 90, 180 or 270.
    #[must_use]
    pub fn from_degrees(degrees: u32) -> Option<Self> {
        Some(match degrees {
            0 => Self::None,
            90 => Self::Quarter,
            180 => Self::Half,
            270 => Self::ThreeQuarters,
            _ => return None,
        })
    }

    /// Degrees clockwise.
    #[must_use]
    pub fn degrees(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarters => 270,
        }
    }
}

impl From<Rotation> for Turn {
    fn from(rotation: Rotation) -> Self {
        let (transposed, mirrored, upended) = match rotation {
            Rotation::None => (false, false, false),
            Rotation::Quarter => (true, true, false),
            Rotation::Half => (false, true, true),
            Rotation::ThreeQuarters => (true, false, true),
        };
        Self {
            transposed,
            mirrored,
            upended,
        }
    }
}

impl From<Flip> for Turn {
    fn from(flip: Flip) -> Self {
        Self {
            transposed: false,
            mirrored: matches!(flip, Flip::Horizontal | Flip::Both),
            upended: matches!(flip, Flip::Vertical | Flip::Both),
        }
    }
}
