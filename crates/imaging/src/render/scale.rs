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

/// How far Lanczos reaches, in pixels of whichever is smaller: the part or the result.
const RADIUS: f64 = 3.0;

/// Bytes of a weight: in full precision, then once more in 16 bits.
const WEIGHT: u64 = 8 + 2;

/// Most bytes that scaling allocates, the result included.
pub(crate) fn memory(raster: &Raster, window: Area, (width, height): (u32, u32)) -> u64 {
    let bytes =
        |width: u64, height: u32| width * u64::from(height) * raster.layout().count() as u64;
    // Columns first: as wide as the window, as high as the result.
    let between = bytes(window.width.ceil() as u64, height);
    let premultiplied = match raster.layout().has_alpha() {
        true => raster.samples().len() as u64,
        false => 0,
    };
    let weights = weights(window.width, width) + weights(window.height, height);
    premultiplied + between + bytes(width.into(), height) + weights
}

/// Bytes of the weights along one side, with which every pixel of the result counts those of the part: about six a
/// pixel of the longer side, which is little for a picture and much for a ribbon.
fn weights(part: f64, result: u32) -> u64 {
    let reach = RADIUS * (part / f64::from(result)).max(1.0);
    u64::from(result) * (2 * reach.ceil() as u64 + 1) * WEIGHT
}

/// The window at that size, with Lanczos; `None` where the two do not go together. A part that keeps its size
/// keeps its pixels.
pub(crate) fn scale(raster: Raster, window: Area, size: (u32, u32)) -> Option<Raster> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_counted_and_dear_for_ribbons() {
        let ribbon = Raster::new(1_000_000, 1, Layout::Grey, vec![0; 1_000_000]).expect("a pixel");
        let counted = memory(&ribbon, Area::whole((1_000_000, 1)), (100, 1));
        assert!((60_000_000..62_000_000).contains(&counted), "{counted}");

        let square = Raster::new(1_000, 1_000, Layout::Grey, vec![0; 1_000_000]).expect("a pixel");
        let counted = memory(&square, Area::whole((1_000, 1_000)), (100, 100));
        assert!(counted < 300_000, "{counted}");
    }
}
