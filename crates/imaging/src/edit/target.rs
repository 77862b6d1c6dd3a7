//! Bringing a picture to another size.

use super::{EditError, Frame, room::Room};
use crate::{
    raster::Raster,
    render::{Colour, Recipe, area::Area, compose, frame::Framing, scale},
};

/// How a picture of a certain size lies in its frame.
pub(super) struct Target {
    framing: Framing,
    background: Colour,
}

impl Frame {
    pub(super) fn into_recipe(self) -> Recipe {
        let Self {
            width,
            height,
            fit,
            gravity,
            enlarge,
            background,
        } = self;
        Recipe {
            width,
            height,
            fit,
            gravity,
            enlarge,
            background,
            ..Recipe::default()
        }
    }
}

impl Target {
    pub(super) fn new(size: (u32, u32), frame: Frame) -> Self {
        let background = frame.background;
        let framing = match (frame.width, frame.height) {
            // Renditions have a largest size even so; what is edited keeps its own.
            (None, None) => Framing {
                window: Area::whole(size),
                size,
                frame: size,
            },
            _ => Framing::new(size, &frame.into_recipe()),
        };
        Self {
            framing,
            background,
        }
    }

    /// The least part of each side that has to be decoded.
    pub(super) fn ratio(&self) -> f64 {
        let Framing { window, size, .. } = self.framing;
        (f64::from(size.0) / window.width).max(f64::from(size.1) / window.height)
    }

    /// The same for the same picture with sides that are `scale` times as long.
    pub(super) fn reduced(mut self, scale: f64, raster: &Raster) -> Self {
        let whole = (raster.width(), raster.height());
        self.framing.window = self.framing.window.scaled(scale, whole);
        self
    }

    pub(super) fn apply(self, raster: Raster, room: &Room<'_>) -> Result<Raster, EditError> {
        let Framing {
            window,
            size,
            frame,
        } = self.framing;
        room.pixels(frame)?;
        room.bytes(raster.samples().len() as u64 + scale::memory(&raster, window, size))?;
        room.copies(frame, raster.layout())?;
        let scaled = scale::scale(raster, window, size);
        scaled
            .and_then(|raster| compose::margins(raster, frame, self.background))
            .ok_or_else(|| room.no_pixels())
    }
}
