//! Other images over a picture.

use super::{EditError, Mark, room::Room, stamp::stamp};
use crate::{
    ImageError, Limits,
    decode::{Detail, Source},
    raster::{Layout, Raster},
    render::{area::Area, profile, scale},
};

/// The picture with the first picture of `bytes` over it.
pub(super) fn overlay(
    raster: Raster,
    bytes: &[u8],
    mark: Mark,
    room: &Room<'_>,
) -> Result<Raster, EditError> {
    // Both are held at once.
    let held = raster.samples().len() as u64;
    let limits = Limits {
        max_alloc: room.limits.max_alloc.saturating_sub(held),
        ..*room.limits
    };
    let mut source = Source::open(bytes, &limits).map_err(EditError::Overlay)?;
    let (turn, format) = (source.turn(), source.format());
    let shape = turn.size(source.size());
    let shape = (f64::from(shape.0), f64::from(shape.1));
    let place = mark.place(shape, (raster.width(), raster.height()));
    let ratio = (f64::from(place.size.0) / shape.0).max(f64::from(place.size.1) / shape.1);
    let profile = source.profile();
    let reduction = source.reduction(ratio);
    let detail = Detail {
        reduction,
        ..Detail::ALL
    };
    let decoded = source
        .decode(detail)
        .map_err(EditError::Overlay)?
        .turned(turn);
    let window = Area::whole((decoded.width(), decoded.height()));
    let scaling = scale::memory(&decoded, window, place.size);
    room.bytes(held + decoded.samples().len() as u64 + scaling)?;
    let scaled = scale::scale(decoded, window, place.size);
    let scaled = scaled.and_then(|scaled| match profile {
        Some(profile) => profile::to_srgb(scaled, &profile),
        None => Some(scaled),
    });
    let covering = scaled
        .and_then(with_alpha)
        .ok_or_else(|| EditError::Overlay(ImageError::no_pixels(format)))?;
    stamp(raster, covering, place, mark.alpha()).ok_or_else(|| room.no_pixels())
}

/// Covering all, where it said nothing.
fn with_alpha(raster: Raster) -> Option<Raster> {
    let (width, height) = (raster.width(), raster.height());
    let (layout, samples) = match raster.layout() {
        Layout::GreyAlpha | Layout::Rgba => return Some(raster),
        Layout::Grey => {
            let levels = raster.samples().iter();
            (
                Layout::GreyAlpha,
                levels.flat_map(|level| [*level, 255]).collect(),
            )
        }
        Layout::Rgb => {
            let pixels = raster.samples().as_chunks::<3>().0.iter();
            let pixels = pixels.flat_map(|&[red, green, blue]| [red, green, blue, 255]);
            (Layout::Rgba, pixels.collect())
        }
    };
    Raster::new(width, height, layout, samples)
}
