//! Scaling with SIMD. Colours count by their alpha, so that what is hidden does not bleed into what is seen.

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};

use super::area::Area;
use crate::raster::{Layout, Raster};

pub(super) fn pixel_type(layout: Layout) -> PixelType {
    match layout {
        Layout::Grey => PixelType::U8,
        Layout::GreyAlpha => PixelType::U8x2,
        Layout::Rgb => PixelType::U8x3,
        Layout::Rgba => PixelType::U8x4,
    }
}

/// Most bytes that scaling allocates, the result included.
pub(super) fn memory(raster: &Raster, window: Area, (width, height): (u32, u32)) -> u64 {
    let bytes =
        |width: u64, height: u32| width * u64::from(height) * raster.layout().count() as u64;
    // Columns first: as wide as the window, as high as the result.
    let between = bytes(window.width.ceil() as u64, height);
    let premultiplied = match raster.layout().has_alpha() {
        true => raster.samples().len() as u64,
        false => 0,
    };
    premultiplied + between + bytes(width.into(), height)
}

/// The window at that size, with Lanczos; `None` where the two do not go together. A part that keeps its size
/// keeps its pixels.
pub(super) fn scale(raster: Raster, window: Area, size: (u32, u32)) -> Option<Raster> {
    let whole = (raster.width(), raster.height());
    if window == Area::whole(whole) && size == whole {
        return Some(raster);
    }
    resampled(&raster, window, size, FilterType::Lanczos3)
}

/// All of it at that size.
pub(super) fn stretch(raster: &Raster, size: (u32, u32), filter: FilterType) -> Option<Raster> {
    let window = Area::whole((raster.width(), raster.height()));
    resampled(raster, window, size, filter)
}

fn resampled(
    raster: &Raster,
    window: Area,
    (width, height): (u32, u32),
    filter: FilterType,
) -> Option<Raster> {
    let layout = raster.layout();
    let kind = pixel_type(layout);
    let from = ImageRef::new(raster.width(), raster.height(), raster.samples(), kind).ok()?;
    let mut to = Image::new(width, height, kind);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(window.left, window.top, window.width, window.height);
    Resizer::new().resize(&from, &mut to, &options).ok()?;
    Raster::new(width, height, layout, to.into_vec())
}
