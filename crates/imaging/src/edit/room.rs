//! How large a picture may become on its way.

use super::EditError;
use crate::{Format, ImageError, Limits, raster::Layout};

/// How many copies of a picture are held at once, by the dearest edit: sharpening.
const COPIES: u64 = 3;

/// What there is for a picture that came in that format.
pub(super) struct Room<'a> {
    pub(super) limits: &'a Limits,
    pub(super) format: Format,
}

impl Room<'_> {
    /// Refuses a picture that would become larger than one that may be sent.
    pub(super) fn pixels(&self, (width, height): (u32, u32)) -> Result<(), EditError> {
        if u64::from(width) * u64::from(height) > self.limits.max_pixels {
            return Err(self.too_large((width, height), Limits::MAX_SIDE));
        }
        self.side((width, height), Limits::MAX_SIDE)
    }

    /// Refuses a picture with a longer side than that.
    pub(super) fn side(&self, (width, height): (u32, u32), most: u32) -> Result<(), EditError> {
        match width.max(height) > most {
            true => Err(self.too_large((width, height), most)),
            false => Ok(()),
        }
    }

    /// Refuses an edit that would hold so many bytes at once.
    pub(super) fn bytes(&self, bytes: u64) -> Result<(), EditError> {
        match bytes > self.limits.max_alloc {
            true => Err(ImageError::too_dear(self.format).into()),
            false => Ok(()),
        }
    }

    /// Refuses a picture of which the copies that an edit makes take too many bytes.
    pub(super) fn copies(
        &self,
        (width, height): (u32, u32),
        layout: Layout,
    ) -> Result<(), EditError> {
        // Many an edit makes a grey picture coloured.
        let count = layout.count().max(3) as u64;
        self.bytes(u64::from(width) * u64::from(height) * count * COPIES)
    }

    pub(super) fn no_pixels(&self) -> EditError {
        ImageError::no_pixels(self.format).into()
    }

    fn too_large(&self, (width, height): (u32, u32), side: u32) -> EditError {
        EditError::TooLarge {
            width,
            height,
            side,
            pixels: self.limits.max_pixels,
        }
    }
}
